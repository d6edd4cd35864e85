import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "flush_interval -1 makes Caddy 2.6 write three or four times to a client that has left before it drops its upstream",
  chain: [{ app: "sse" }, "caddy@2.6:flush-interval"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "propagated-late", culprit: "caddy" },
  because: "https://github.com/caddyserver/caddy/issues/4952",
  fixedBy: "caddy-drops-its-upstream",
});
