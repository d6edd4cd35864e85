import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Uvicorn has no timeout for a response: a stream that is silent for five minutes goes on",
  chain: [{ app: "django:uvicorn" }],
  request: { path: "/stream-async" },
  timeScale: 50,
  trial: { kind: "silence", silentMs: 300_000 },
  must: { surviveSilenceMs: 300_000 },
});
