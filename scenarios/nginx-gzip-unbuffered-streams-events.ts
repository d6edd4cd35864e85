import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx gzip flushes every event once proxy_buffering is off",
  chain: [{ app: "sse" }, "nginx:gzip-unbuffered"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
