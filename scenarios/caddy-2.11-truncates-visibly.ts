import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy 2.11 aborts a response that its upstream has cut",
  chain: [{ app: "sse" }, "caddy@2.11"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
