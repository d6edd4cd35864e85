import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering off passes on large events completely",
  chain: [{ app: "sse" }, "nginx:unbuffered"],
  trial: { kind: "lock-step", recordBytes: 20000 },
  must: { deliver: "incrementally" },
});
