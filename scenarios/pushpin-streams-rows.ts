import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin passes on each row of a paced stream",
  chain: [{ app: "csv" }, "pushpin"],
  trial: { kind: "paced" },
  must: { deliver: "incrementally" },
});
