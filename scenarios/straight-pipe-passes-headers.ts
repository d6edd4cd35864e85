import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy that flushes headers passes the header section on before the body",
  chain: [{ app: "sse" }, "http-pipe"],
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
