import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin keeps a stream that is silent for almost ten minutes",
  chain: [{ app: "sse" }, "pushpin"],
  timeScale: 40,
  trial: { kind: "silence", silentMs: 560_000 },
  must: { surviveSilenceMs: 560_000 },
});
