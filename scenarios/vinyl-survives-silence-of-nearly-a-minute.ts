import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "By default, Vinyl Cache keeps a stream that is silent for almost a minute (between_bytes_timeout)",
  chain: [{ app: "sse" }, "vinyl"],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 57_000 },
  must: { surviveSilenceMs: 57_000 },
});
