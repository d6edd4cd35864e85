import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware needs no more memory the larger the body is",
  chain: [{ app: "binary" }, "http-proxy-middleware"],
  trial: { kind: "memory" },
  must: { memory: "bounded" },
});
