import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "X-Accel-Buffering: no from the application has nginx pass every event on, by HTTP/1.0 too",
  chain: [{ app: "sse" }, "nginx:http-1.0"],
  response: { headers: [["X-Accel-Buffering", "no"]] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
