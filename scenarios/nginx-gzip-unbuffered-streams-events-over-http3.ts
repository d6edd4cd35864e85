import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx gzip with proxy_buffering off flushes each event over HTTP/3",
  chain: [{ app: "sse" }, "nginx@>=1.26:gzip-unbuffered"],
  request: { clients: ["h1", "h3"], acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
