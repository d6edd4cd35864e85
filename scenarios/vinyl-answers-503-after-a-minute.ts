import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "By default, on a new connection, Vinyl Cache answers 503 when no header section comes within a minute (first_byte_timeout)",
  chain: [{ app: "sse" }, "vinyl:close"],
  timeScale: 20,
  trial: { kind: "first-byte-wait", waitMs: 75_000 },
  does: { end: "error-response", cause: "first-byte-timeout", culprit: "vinyl" },
  because: "https://vinyl-cache.org/docs/9.0/reference/vinyld.html#first-byte-timeout",
  fixedBy: "vinyl-waits-for-nearly-a-minute",
});
