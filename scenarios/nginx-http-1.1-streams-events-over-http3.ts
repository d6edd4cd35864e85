import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "With proxy_buffering on and HTTP/1.1 to its upstream, nginx passes small events on over HTTP/3",
  chain: [{ app: "sse" }, "nginx@>=1.26:http-1.1"],
  request: { clients: ["h1", "h3"] },
  trial: { kind: "paced" },
  must: { deliver: "incrementally" },
});
