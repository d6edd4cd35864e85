import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "In a chain of four hops, the gzip middleware that never flushes is the culprit",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["cache", "gzip"] }, "http-proxy", "nginx:http-1.1"],
  request: { acceptEncoding: "gzip" },
  response: { headers: [["Cache-Control", "no-store"]] },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "gzip" },
  because: "https://github.com/expressjs/compression/issues/61",
  fixedBy: "whole-chain-streams-events",
});
