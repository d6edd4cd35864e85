import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "By default, Vinyl Cache cuts a stream that is silent for a minute (between_bytes_timeout)",
  chain: [{ app: "sse" }, "vinyl"],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 75_000 },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "vinyl" },
  because: "https://vinyl-cache.org/docs/9.0/reference/vinyld.html#between-bytes-timeout",
  fixedBy: "vinyl-survives-silence-of-nearly-a-minute",
});
