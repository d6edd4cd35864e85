import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxyTimeout of httpxy is an idle limit: it cuts silence visibly, and heartbeats survive it",
  chain: [{ app: "sse" }, "httpxy:proxy-timeout"],
  trial: { kind: "silence" },
  does: { end: "incomplete-visible", cause: "idle-limit", culprit: "httpxy" },
  because: "https://github.com/unjs/httpxy#options",
  twin: "silence-survives-a-straight-pipe",
});
