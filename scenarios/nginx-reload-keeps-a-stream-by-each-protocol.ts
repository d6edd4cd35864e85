import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A reload of nginx (HUP) leaves its old worker until a stream has ended, whatever its client speaks",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "reload" },
  must: { end: "complete" },
});
