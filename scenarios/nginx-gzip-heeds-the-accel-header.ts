import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "X-Accel-Buffering: no has the gzip of nginx flush every event",
  chain: [{ app: "sse" }, "nginx:gzip"],
  request: { acceptEncoding: "gzip" },
  response: { headers: [["X-Accel-Buffering", "no"]] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
