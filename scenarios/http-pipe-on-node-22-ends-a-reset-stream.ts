import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Node 22 reports a reset that comes with data as an end: even a straight proxy ends what closing delimits",
  chain: [{ app: "sse" }, "http-pipe@node22"],
  response: { framing: "close" },
  trial: { kind: "origin-abort", how: ["reset-after-data"] },
  does: { end: "truncated-silently", cause: "origin-abort", culprit: "http-pipe" },
  because: "https://github.com/libuv/libuv/pull/4997",
  fixedBy: "http-pipe-cuts-a-reset-stream",
});
