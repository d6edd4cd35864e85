import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A stream may be silent for as long as it likes where no hop has a limit",
  chain: [{ app: "sse" }, "http-pipe"],
  trial: { kind: "silence", silentMs: 2500 },
  must: { surviveSilenceMs: 2500 },
});
