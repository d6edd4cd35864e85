import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A Node proxy that minds the request's error event passes the reset of such a response on",
  chain: [{ app: "sse" }, "http-pipe"],
  response: { framing: "close" },
  trial: { kind: "origin-abort", how: ["reset"] },
  must: { end: "visibly" },
});
