import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "By default, on a new connection, Varnish answers 503 when no header section comes within a minute (first_byte_timeout)",
  chain: [{ app: "sse" }, "varnish:close"],
  timeScale: 20,
  trial: { kind: "first-byte-wait", waitMs: 75_000 },
  does: { end: "error-response", cause: "first-byte-timeout", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/varnishd.html#first-byte-timeout",
  fixedBy: "varnish-waits-for-nearly-a-minute",
});
