import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "ingress-nginx (retired in March 2026)",
  pages: ["https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/"],
  read: null,
  limits: [{ kind: "idle-timeout", ms: 60_000, setBy: "proxy-read-timeout" }],
  remarks: ["Buffering of responses is off by default."],
});
