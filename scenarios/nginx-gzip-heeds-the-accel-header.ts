import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With X-Accel-Buffering: no, the gzip of nginx flushes every event",
  chain: [{ app: "sse" }, "nginx:gzip"],
  request: { acceptEncoding: "gzip" },
  response: { headers: [["X-Accel-Buffering", "no"]] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
