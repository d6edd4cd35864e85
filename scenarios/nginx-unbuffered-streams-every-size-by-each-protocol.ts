import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering off passes on records of 1 byte to 20 kB, whatever its clients speak",
  chain: [{ app: "sse" }, "nginx:unbuffered"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "size-sweep" },
  must: { deliver: "incrementally" },
});
