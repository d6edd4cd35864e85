import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Whether nginx gzip holds events depends on the client's Accept-Encoding and on the content type",
  chain: [{ app: "sse" }, "nginx:gzip"],
  request: { acceptEncoding: [null, "gzip"] },
  response: { contentType: ["text/event-stream", "image/png"] },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_gzip_module.html#gzip_types",
  fixedBy: "nginx-gzip-unbuffered-streams-events",
});
