import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The compression middleware streams to a client that accepts no coding, as curl does",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["compression"] }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
