import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy over fetch that flushes the header section passes it on before the body",
  chain: [{ app: "sse" }, "fetch-proxy:repaired"],
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
