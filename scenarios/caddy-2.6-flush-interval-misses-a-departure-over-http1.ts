import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "flush_interval -1 makes Caddy 2.6 write three or four times to a client that has left, over HTTP/1.1 with TLS as without",
  chain: [{ app: "sse" }, "caddy@2.6:flush-interval"],
  request: { clients: ["h1", "h1-tls"] },
  trial: { kind: "client-leaving" },
  does: { disconnect: "propagated-late", culprit: "caddy" },
  when: { clients: ["h1", "h1-tls"] },
  because: "https://github.com/caddyserver/caddy/pull/4952",
  fixedBy: "caddy-drops-its-upstream-by-each-protocol",
});
