import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy over fetch that destroys the response on an error lets the client see the cut",
  chain: [{ app: "sse" }, "fetch-proxy:repaired"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly", integrity: "intact" },
});
