import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin waits for a client that takes nothing for a while, and passes on all of the response",
  chain: [{ app: "sse" }, "pushpin"],
  trial: { kind: "client-stalling" },
  must: { end: "complete" },
});
