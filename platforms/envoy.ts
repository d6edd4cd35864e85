import { definePlatform } from "../harness/define.ts";

export default definePlatform({
  title: "Envoy, also as the default of gateways that are built on it",
  pages: ["https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts"],
  read: null,
  limits: [
    { kind: "total-timeout", ms: 15_000, setBy: "RouteAction.timeout" },
    { kind: "idle-timeout", ms: 300_000, setBy: "stream_idle_timeout" },
  ],
});
