import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "httpxy ends a stream that the origin reset with the error's text and a clean last chunk, on Node 22 too",
  chain: [{ app: "sse" }, "httpxy@node22"],
  trial: { kind: "origin-abort", how: ["reset"] },
  does: { end: "truncated-silently", integrity: "altered", culprit: "httpxy" },
  because: "https://github.com/unjs/httpxy#proxy-server",
  fixedBy: "httpxy-origin-abort-repaired",
});
