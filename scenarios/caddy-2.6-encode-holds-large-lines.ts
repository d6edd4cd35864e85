import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Whether encode gzip of Caddy 2.6 holds a text depends on its first write: from 512 bytes on it compresses, and never flushes",
  chain: [{ app: "text" }, "caddy@2.6:encode"],
  request: { acceptEncoding: "gzip" },
  response: { contentType: "text/plain" },
  trial: { kind: "paced", recordBytes: [60, 600] },
  does: { deliver: "buffered", culprit: "caddy" },
  when: { recordBytes: ["600"] },
  because: "https://github.com/caddyserver/caddy/pull/6471",
  fixedBy: "caddy-2.11-encode-streams-large-lines",
});
