import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A VCL that sets beresp.ttl and leaves the decision to the built-in VCL honors no-store",
  chain: [{ app: "sse" }, "varnish:kept-ttl"],
  trial: { kind: "late-joiner", cacheControl: ["no-store"] },
  must: { source: "origin" },
});
