import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin asks the origin for every client, whatever Cache-Control says",
  chain: [{ app: "sse" }, "pushpin"],
  trial: { kind: "late-joiner" },
  must: { source: "origin" },
});
