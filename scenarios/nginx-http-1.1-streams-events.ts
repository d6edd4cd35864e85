import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx streams with proxy_buffering on, once it speaks HTTP/1.1 to its upstream",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
