import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "encode gzip holds the header section of an event stream until the first byte of the body",
  chain: [{ app: "sse" }, "caddy:encode"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "header-hold" },
  does: { headers: "held", culprit: "caddy" },
  because: "https://github.com/caddyserver/caddy/issues/6293",
  fixedBy: "caddy-passes-headers",
});
