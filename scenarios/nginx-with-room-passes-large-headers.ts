import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffer_size 16k streams after a large header section",
  chain: [{ app: "sse" }, "nginx:large-headers"],
  response: { headers: [["X-Session", "x".repeat(5000)]] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
