import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx 1.30 in its default configuration holds the end of each large event until the next one comes",
  chain: [{ app: "sse" }, "nginx@1.30"],
  trial: { kind: "paced", recordBytes: 20000 },
  does: { deliver: "lagging", culprit: "nginx" },
  because: "https://github.com/nginx/nginx/blob/master/src/http/ngx_http_parse.c",
  fixedBy: "nginx-unbuffered-streams-large-events",
});
