import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with return (pipe) asks the origin for every client",
  chain: [{ app: "sse" }, "varnish:pipe"],
  trial: { kind: "late-joiner" },
  must: { source: "origin" },
});
