import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx waits for a client that reads nothing for three seconds",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  trial: { kind: "client-stalling" },
  must: { end: "complete", integrity: "intact" },
});
