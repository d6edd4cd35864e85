import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Puma holds the header section of a Rack response: until its body yields, and then by TCP_CORK",
  chain: [{ app: "rack" }],
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "rack" },
  because: "https://github.com/puma/puma/blob/main/lib/puma/response.rb",
  fixedBy: "express-flushes-headers",
});
