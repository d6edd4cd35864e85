import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy passes the header section on before there is a body, whatever its clients speak",
  chain: [{ app: "sse" }, "caddy"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
