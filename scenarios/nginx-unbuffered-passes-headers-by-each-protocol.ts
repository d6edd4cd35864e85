import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering off passes the header section on before there is a body, whatever its clients speak",
  chain: [{ app: "sse" }, "nginx@>=1.26:unbuffered"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
