import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "read_timeout of Caddy 2.11 cuts a silent stream visibly",
  chain: [{ app: "sse" }, "caddy@2.11:read-timeout"],
  trial: { kind: "silence" },
  must: { end: "visibly" },
});
