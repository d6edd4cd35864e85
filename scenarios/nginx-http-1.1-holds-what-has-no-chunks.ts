import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx holds a stream that its origin delimits by closing, over HTTP/1.1 too: it passes data on early only with chunks",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  response: { framing: "close" },
  trial: { kind: "paced" },
  does: { deliver: "buffered", culprit: "nginx" },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering",
  fixedBy: "nginx-unbuffered-streams-what-has-no-chunks",
});
