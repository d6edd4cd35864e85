import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin 1.36 cuts a stream that is silent for ten minutes (timeout of zurl, its HTTP client)",
  chain: [{ app: "sse" }, "pushpin@1.36"],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 660_000 },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "pushpin" },
  because: "https://github.com/fanout/zurl/blob/master/zurl.conf.example",
  fixedBy: "pushpin-survives-silence-of-nearly-ten-minutes",
});
