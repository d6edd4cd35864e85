import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "encode gzip passes on each event to a client that does not accept gzip",
  chain: [{ app: "sse" }, "caddy:encode"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
