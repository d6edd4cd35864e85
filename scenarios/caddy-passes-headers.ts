import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy passes the header section of an event stream on before there is a body",
  chain: [{ app: "sse" }, "caddy"],
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
