import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Google Cloud load balancer",
  pages: ["https://cloud.google.com/load-balancing/docs/backend-service#timeout-setting"],
  read: null,
  limits: [{ kind: "total-timeout", ms: 30_000, setBy: "timeoutSec" }],
});
