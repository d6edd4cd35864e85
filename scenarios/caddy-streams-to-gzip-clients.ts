import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy passes on each event to a client that accepts gzip: without encode it compresses nothing",
  chain: [{ app: "sse" }, "caddy"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
