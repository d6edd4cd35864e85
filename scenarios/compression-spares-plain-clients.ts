import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The compression middleware streams to a client that accepts no content coding, such as curl",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression"] }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
