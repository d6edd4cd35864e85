import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin needs no more memory the larger the body is, whether its client reads or not",
  chain: [{ app: "binary" }, "pushpin"],
  trial: { kind: "memory" },
  must: { memory: "bounded" },
});
