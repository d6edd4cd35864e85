import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache passes on the header section before there is a body",
  chain: [{ app: "sse" }, "vinyl"],
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
