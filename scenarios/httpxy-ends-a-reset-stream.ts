import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "httpxy with the catch of its README ends a stream that the origin reset with the error's text and a clean last chunk",
  chain: [{ app: "sse" }, "httpxy"],
  trial: { kind: "origin-abort", how: ["reset"] },
  does: { end: "truncated-silently", integrity: "altered", culprit: "httpxy" },
  because: "https://github.com/unjs/httpxy#proxy-server",
  fixedBy: "httpxy-origin-abort-repaired",
});
