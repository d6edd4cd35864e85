import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title:
    "flush_interval -1 makes Caddy 2.6 write three or four times to a client that has left, except over HTTP/2, where the first write fails",
  chain: [{ app: "sse" }, "caddy@2.6:flush-interval"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "client-leaving" },
  does: { disconnect: "propagated-late", culprit: "caddy" },
  when: { clients: ["h1", "h1-tls"] },
  because: "https://github.com/caddyserver/caddy/pull/4952",
  fixedBy: "caddy-drops-its-upstream-by-each-protocol",
});
