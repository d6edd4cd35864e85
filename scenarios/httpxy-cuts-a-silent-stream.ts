import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "proxyTimeout of httpxy is an idle timeout: it cuts a silent stream visibly, but not one with heartbeats",
  chain: [{ app: "sse" }, "httpxy:proxy-timeout"],
  trial: { kind: "silence" },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "httpxy" },
  because: "https://github.com/unjs/httpxy#options",
  fixedBy: "silence-survives-a-straight-pipe",
});
