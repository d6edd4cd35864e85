import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Whether encode gzip holds a text depends on its first write: from 512 bytes on it compresses, and never flushes",
  chain: [{ app: "text" }, "caddy:encode"],
  request: { acceptEncoding: "gzip" },
  response: { contentType: "text/plain" },
  trial: { kind: "paced", recordBytes: [60, 600] },
  does: { deliver: "buffered", culprit: "caddy" },
  when: { recordBytes: ["600"] },
  because: "https://github.com/caddyserver/caddy/issues/6293",
  fixedBy: "caddy-streams-to-gzip-clients",
});
