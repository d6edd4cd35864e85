import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django under Gunicorn streams to a client that speaks HTTP/1.0, too: the end of the connection is the end",
  chain: [{ app: "django" }],
  request: { version: ["1.0", "1.1"] },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
