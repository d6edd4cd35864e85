import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering off passes each event on over HTTP/3",
  chain: [{ app: "sse" }, "nginx@>=1.26:unbuffered"],
  request: { clients: ["h1", "h3"] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact" },
});
