import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering on streams if it uses HTTP/1.1 to the upstream",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
