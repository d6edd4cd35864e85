import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A new configuration of Varnish 7.7 (vcl.load and vcl.use) leaves its old one until a stream has ended",
  chain: [{ app: "sse" }, "varnish@7.7"],
  trial: { kind: "reload" },
  must: { end: "complete" },
});
