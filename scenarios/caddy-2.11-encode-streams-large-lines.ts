import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "encode gzip of Caddy 2.11 flushes what it has compressed of a text, line by line",
  chain: [{ app: "text" }, "caddy@2.11:encode"],
  request: { acceptEncoding: "gzip" },
  response: { contentType: "text/plain" },
  trial: { kind: "lock-step", recordBytes: [60, 600] },
  must: { deliver: "incrementally" },
});
