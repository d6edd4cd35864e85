import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache passes on each event to a client that accepts gzip: it compresses nothing by itself",
  chain: [{ app: "sse" }, "vinyl"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
