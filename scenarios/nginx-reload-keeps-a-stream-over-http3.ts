import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A reload of nginx (HUP) leaves its old worker until a stream over HTTP/3 has ended",
  chain: [{ app: "sse" }, "nginx@>=1.26:http-1.1"],
  request: { clients: ["h1", "h3"] },
  trial: { kind: "reload" },
  must: { end: "complete" },
});
