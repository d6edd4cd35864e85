import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy 2.11 aborts a response that its upstream has cut: without the last chunk over HTTP/1.1, by RST_STREAM over HTTP/2",
  chain: [{ app: "sse" }, "caddy@2.11"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
