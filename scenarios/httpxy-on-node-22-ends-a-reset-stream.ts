import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "On Node 22 too httpxy ends a stream that the origin reset with the error's text and a clean last chunk",
  chain: [{ app: "sse" }, "httpxy@node22"],
  trial: { kind: "origin-abort", how: ["reset"] },
  does: { end: "incomplete-silent", integrity: "altered", culprit: "httpxy" },
  because: "https://github.com/unjs/httpxy#proxy-server",
  twin: "httpxy-origin-abort-repaired",
});
