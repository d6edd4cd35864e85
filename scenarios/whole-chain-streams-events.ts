import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Events pass a gzip that flushes, a cache, a Node proxy and nginx one by one",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["cache", "gzip:flush"] }, "http-proxy", "nginx:http-1.1"],
  request: { acceptEncoding: "gzip" },
  response: { headers: [["Cache-Control", "no-store"]] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact", end: "complete", source: "origin" },
});
