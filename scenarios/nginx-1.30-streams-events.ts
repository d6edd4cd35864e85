import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx 1.30 as it comes speaks HTTP/1.1 to its upstream and passes every event on",
  chain: [{ app: "sse" }, "nginx@1.30"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
