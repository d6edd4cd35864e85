import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy passes every event on, whatever its clients speak",
  chain: [{ app: "sse" }, "caddy"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
