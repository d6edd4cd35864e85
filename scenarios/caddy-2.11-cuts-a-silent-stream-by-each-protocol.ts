import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "read_timeout of Caddy 2.11 cuts a silent stream visibly, whatever its client speaks",
  chain: [{ app: "sse" }, "caddy@2.11:read-timeout"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  trial: { kind: "silence" },
  must: { end: "visibly" },
});
