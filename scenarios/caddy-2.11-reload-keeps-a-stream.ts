import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A reload of Caddy 2.11 (caddy reload) in mid-stream cuts no stream",
  chain: [{ app: "sse" }, "caddy@2.11"],
  trial: { kind: "reload" },
  must: { end: "complete" },
});
