import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering off passes the header section on before the body",
  chain: [{ app: "sse" }, "nginx:unbuffered"],
  trial: { kind: "header-hold" },
  must: { headers: "promptly" },
});
