import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering off passes on a stream that its origin delimits by closing",
  chain: [{ app: "sse" }, "nginx:unbuffered"],
  response: { framing: "close" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
