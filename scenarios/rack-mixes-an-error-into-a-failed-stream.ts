import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Puma writes a whole 500 response into the body of a stream that failed",
  chain: [{ app: "rack" }],
  trial: { kind: "origin-abort", how: ["close"] },
  does: { end: "malformed", culprit: "rack" },
  because: "https://github.com/puma/puma/blob/main/lib/puma/server.rb",
  fixedBy: "express-cuts-a-failed-stream",
});
