import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "encode gzip holds the header section of an event stream until the first byte of the body, whatever its client speaks",
  chain: [{ app: "sse" }, "caddy:encode"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"], acceptEncoding: "gzip" },
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "caddy" },
  when: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  because: "https://github.com/caddyserver/caddy/issues/6293",
  fixedBy: "caddy-passes-headers-by-each-protocol",
});
