import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A stream may be silent for any time if no hop has a timeout",
  chain: [{ app: "sse" }, "http-pipe"],
  trial: { kind: "silence", silentMs: 2500 },
  must: { surviveSilenceMs: 2500 },
});
