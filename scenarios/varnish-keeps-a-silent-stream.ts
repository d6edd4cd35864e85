import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with its default between_bytes_timeout keeps a stream that is silent for three seconds",
  chain: [{ app: "sse" }, "varnish"],
  trial: { kind: "silence", silentMs: 3000 },
  must: { surviveSilenceMs: 3000 },
});
