import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with first_byte_timeout = 1s answers 503 when no header section comes",
  chain: [{ app: "sse" }, "varnish:short-timeouts"],
  trial: { kind: "first-byte-wait" },
  does: { end: "error-response", cause: "first-byte-timeout", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/varnishd.html#first-byte-timeout",
  fixedBy: "varnish-waits-for-nearly-a-minute",
});
