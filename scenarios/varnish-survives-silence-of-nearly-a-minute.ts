import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "By default, Varnish keeps a stream that is silent for almost a minute (between_bytes_timeout)",
  chain: [{ app: "sse" }, "varnish"],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 57_000 },
  must: { surviveSilenceMs: 57_000 },
});
