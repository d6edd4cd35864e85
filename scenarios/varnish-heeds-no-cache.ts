import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "no-cache keeps Varnish from storing a stream, as no-store does",
  chain: [{ app: "sse" }, "varnish"],
  trial: { kind: "late-joiner", cacheControl: ["no-cache"] },
  must: { source: "origin" },
});
