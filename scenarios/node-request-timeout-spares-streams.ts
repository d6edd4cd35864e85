import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "requestTimeout, headersTimeout and keepAliveTimeout of node:http do not end a silent stream",
  chain: [{ app: "sse" }, "http-pipe-limits:request-timeout"],
  trial: { kind: "silence", silentMs: 2500 },
  must: { surviveSilenceMs: 2500, end: "complete" },
});
