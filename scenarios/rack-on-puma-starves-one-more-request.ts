import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Sixteen slow streams on sixteen threads of Puma keep the next request waiting",
  chain: [{ app: "rack" }],
  trial: { kind: "starvation", streams: 16 },
  does: { end: "hung", cause: "queued", culprit: "rack" },
  because: "https://github.com/puma/puma#thread-pool",
  fixedBy: "express-serves-one-more-request",
});
