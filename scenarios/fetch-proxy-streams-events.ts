import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy over fetch forwards events one by one",
  chain: [{ app: "sse" }, "fetch-proxy"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact", end: "complete" },
});
