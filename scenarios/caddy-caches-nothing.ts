import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy asks the origin for every client, whatever Cache-Control says",
  chain: [{ app: "sse" }, "caddy"],
  trial: { kind: "late-joiner" },
  must: { source: "origin" },
});
