import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin passes on the header section before there is a body",
  chain: [{ app: "sse" }, "pushpin"],
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
