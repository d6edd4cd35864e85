import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with return (pass) ends responses to HEAD, and 204 and 304, without a body",
  chain: [{ app: "sse" }, "varnish:pass"],
  trial: { kind: "bodyless" },
  must: { end: "complete" },
});
