import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With X-Accel-Buffering: no from the application, nginx passes every event on, also over HTTP/1.0",
  chain: [{ app: "sse" }, "nginx:http-1.0"],
  response: { headers: [["X-Accel-Buffering", "no"]] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
