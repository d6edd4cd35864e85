import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "httpxy passes the header section on early if it is flushed after the proxyRes event",
  chain: [{ app: "sse" }, "httpxy:flush-headers"],
  trial: { kind: "header-hold" },
  must: { headers: "promptly", integrity: "intact" },
});
