import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx cuts visibly when an HTTP/1.1 origin aborts: by a missing last chunk over HTTP/1.1, by RST_STREAM over HTTP/2",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
