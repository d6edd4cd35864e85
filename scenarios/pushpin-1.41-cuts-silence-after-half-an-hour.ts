import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin 1.41 cuts a stream that is silent for half an hour (stream-timeout of its connection manager)",
  chain: [{ app: "sse" }, "pushpin@1.41"],
  timeScale: 40,
  trial: { kind: "silence", silentMs: 2_000_000 },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "pushpin" },
  because: "https://github.com/fastly/pushpin/blob/main/src/bin/pushpin-connmgr.rs",
  fixedBy: "pushpin-survives-silence-of-nearly-ten-minutes",
});
