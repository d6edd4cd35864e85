import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "By default, Varnish cuts a stream that is silent for a minute (between_bytes_timeout)",
  chain: [{ app: "sse" }, "varnish"],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 75_000 },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/varnishd.html#between-bytes-timeout",
  fixedBy: "varnish-survives-silence-of-nearly-a-minute",
});
