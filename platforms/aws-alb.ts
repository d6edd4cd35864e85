import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "AWS Application Load Balancer",
  pages: ["https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html"],
  read: null,
  limits: [{ kind: "idle-timeout", ms: 60_000, setBy: "idle_timeout.timeout_seconds", range: { leastMs: 1000, mostMs: 4_000_000 } }],
});
