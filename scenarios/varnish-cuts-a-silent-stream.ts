import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with between_bytes_timeout = 1s cuts a stream that is silent for longer",
  chain: [{ app: "sse" }, "varnish:short-timeouts"],
  trial: { kind: "silence" },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "varnish" },
  because: "https://varnish-cache.org/docs/7.7/reference/varnishd.html#between-bytes-timeout",
  fixedBy: "varnish-keeps-a-silent-stream",
});
