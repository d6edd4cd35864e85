import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering off passes every event on",
  chain: [{ app: "sse" }, "nginx:unbuffered"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
