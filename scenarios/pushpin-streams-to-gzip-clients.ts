import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin passes on each event to a client that accepts gzip: it compresses nothing",
  chain: [{ app: "sse" }, "pushpin"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
