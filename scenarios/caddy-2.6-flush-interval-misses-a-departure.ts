import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "flush_interval -1 makes Caddy 2.6 notice only at its next write that the client has left",
  chain: [{ app: "sse" }, "caddy@2.6:flush-interval"],
  trial: { kind: "client-leaving" },
  does: { disconnect: "propagated-on-next-write", culprit: "caddy" },
  because: "https://github.com/caddyserver/caddy/issues/4952",
  fixedBy: "caddy-drops-its-upstream",
});
