import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "encode gzip of Caddy 2.6 holds events of 600 bytes",
  chain: [{ app: "sse" }, "caddy@2.6:encode"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "paced", recordBytes: 600 },
  does: { deliver: "buffered", culprit: "caddy" },
  because: "https://github.com/caddyserver/caddy/pull/6471",
  fixedBy: "caddy-streams-to-gzip-clients",
});
