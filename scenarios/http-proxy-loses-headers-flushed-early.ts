import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "flushHeaders() inside the proxyRes event sends the header section before http-proxy has copied it",
  chain: [{ app: "sse" }, "http-proxy:flush-headers-early"],
  trial: { kind: "header-hold" },
  does: { integrity: "altered", culprit: "http-proxy" },
  because: "https://github.com/http-party/node-http-proxy#listening-for-proxy-events",
  fixedBy: "http-proxy-flushes-headers",
});
