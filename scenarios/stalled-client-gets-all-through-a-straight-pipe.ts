import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A straight pipe keeps the stream of a client that reads nothing for three seconds",
  chain: [{ app: "sse" }, "http-pipe"],
  trial: { kind: "client-stalling" },
  must: { end: "complete", integrity: "intact" },
});
