import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Hypercorn has no timeout for a response: a stream that is silent for five minutes goes on",
  chain: [{ app: "django:hypercorn" }],
  request: { path: "/stream-async" },
  timeScale: 50,
  trial: { kind: "silence", silentMs: 300_000 },
  must: { surviveSilenceMs: 300_000 },
});
