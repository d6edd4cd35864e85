import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin ends responses to HEAD, and 204 and 304, without a body",
  chain: [{ app: "sse" }, "pushpin"],
  trial: { kind: "bodyless" },
  must: { end: "complete" },
});
