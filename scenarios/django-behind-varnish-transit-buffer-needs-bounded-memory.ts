import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "transit_buffer bounds what Varnish with return (pass) keeps of a response",
  chain: [{ app: "django:gthread" }, "varnish:pass-transit-buffer"],
  trial: { kind: "memory" },
  must: { memory: "bounded" },
});
