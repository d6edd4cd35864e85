import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx gzip with proxy_buffering off flushes each event, whatever its clients speak",
  chain: [{ app: "sse" }, "nginx:gzip-unbuffered"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"], acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
