import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "The write timeout of a Caddy server is a total timeout, except over HTTP/3, where it has no effect",
  chain: [{ app: "sse" }, "caddy:write-timeout"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  trial: { kind: "silence", flowMs: 3000 },
  does: { end: "truncated-visibly", cause: "total-timeout", culprit: "caddy" },
  when: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  // It is given to the server of HTTP/1 and HTTP/2 alone: buildHTTP3Server.
  because: "https://github.com/caddyserver/caddy/blob/master/modules/caddyhttp/server.go",
  fixedBy: "caddy-survives-silence",
});
