import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering off passes on records of 1 byte to 20 kB over HTTP/3",
  chain: [{ app: "sse" }, "nginx@>=1.26:unbuffered"],
  request: { clients: ["h1", "h3"] },
  trial: { kind: "size-sweep" },
  must: { deliver: "incrementally" },
});
