import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A straight pipe on Node needs no more memory the larger the body is, whatever its garbage collector lets pile up",
  chain: [{ app: "binary" }, "http-pipe"],
  trial: { kind: "memory" },
  must: { memory: "bounded" },
});
