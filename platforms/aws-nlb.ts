import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "AWS Network Load Balancer",
  pages: ["https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html"],
  read: null,
  limits: [{ kind: "idle-timeout", ms: 350_000, setBy: "tcp.idle_timeout.seconds", range: { leastMs: 60_000, mostMs: 6_000_000 } }],
});
