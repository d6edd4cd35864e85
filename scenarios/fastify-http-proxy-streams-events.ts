import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/http-proxy passes every event on",
  chain: [{ app: "sse" }, "fastify-http-proxy"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact", end: "complete" },
});
