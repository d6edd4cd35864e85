import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Puma corks its TCP socket (TCP_CORK) until a body is over: the kernel holds each event for 200 ms",
  chain: [{ app: "rack" }, "nginx:unbuffered"],
  trial: { kind: "lock-step" },
  does: { deliver: "batched", culprit: "rack" },
  because: "https://github.com/puma/puma/blob/main/lib/puma/response.rb",
  fixedBy: "express-streams-events",
});
