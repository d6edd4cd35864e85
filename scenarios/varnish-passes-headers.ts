import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish passes on the header section before there is a body",
  chain: [{ app: "sse" }, "varnish"],
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
