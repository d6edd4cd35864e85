import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A plain Node proxy passes every event on without delay",
  chain: [{ app: "sse" }, "http-proxy"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact", source: "origin", end: "complete" },
  showcase: true,
});
