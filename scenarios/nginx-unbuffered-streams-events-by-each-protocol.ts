import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering off passes every event on, whatever its clients speak",
  chain: [{ app: "sse" }, "nginx:unbuffered"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", integrity: "intact" },
});
