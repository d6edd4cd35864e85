import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-3 passes HEAD, 204 and 304 on without a body",
  chain: [{ app: "sse" }, "http-proxy-3"],
  trial: { kind: "bodyless" },
  must: { end: "complete" },
});
