import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx 1.30 in its default configuration uses HTTP/1.1 to the upstream and passes every event on",
  chain: [{ app: "sse" }, "nginx@1.30"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
