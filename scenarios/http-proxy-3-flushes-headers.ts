import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 passes the header section on early if it is flushed after the proxyRes event",
  chain: [{ app: "sse" }, "http-proxy-3:flush-headers"],
  trial: { kind: "header-hold" },
  must: { headers: "promptly", integrity: "intact" },
});
