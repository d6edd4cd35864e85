import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache with return (pass) asks the origin for every client, whatever Cache-Control says",
  chain: [{ app: "sse" }, "vinyl:pass"],
  trial: { kind: "late-joiner" },
  must: { source: "origin" },
});
