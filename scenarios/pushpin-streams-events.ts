import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin passes on each event of a response without GRIP instructions",
  chain: [{ app: "sse" }, "pushpin"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
