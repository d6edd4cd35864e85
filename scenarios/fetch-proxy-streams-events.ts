import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy over fetch passes each event on by itself",
  chain: [{ app: "sse" }, "fetch-proxy"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact", end: "complete" },
});
