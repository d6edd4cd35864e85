import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with an upstream of two servers sends one request if the first byte comes in time",
  chain: [{ app: "sse" }, "nginx:two-servers"],
  trial: { kind: "first-byte-wait", waitMs: 500 },
  must: { source: "origin", end: "complete" },
});
