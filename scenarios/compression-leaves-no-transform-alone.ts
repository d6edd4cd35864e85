import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The compression middleware passes on events with Cache-Control: no-transform",
  chain: [{ app: "sse" }, { server: "http-proxy", middlewares: ["compression"] }],
  request: { acceptEncoding: "gzip" },
  response: { headers: [["Cache-Control", "no-transform"]] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
