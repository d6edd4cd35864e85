import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "@fastify/http-proxy cuts visibly when the origin aborts",
  chain: [{ app: "sse" }, "fastify-http-proxy"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
