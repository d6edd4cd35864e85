import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "flush() in PHP does not get past fastcgi_buffering, which is on unless nginx is told otherwise",
  chain: [{ app: "php" }],
  trial: { kind: "lock-step" },
  does: { deliver: "buffered", culprit: "php" },
  because: "https://nginx.org/en/docs/http/ngx_http_fastcgi_module.html#fastcgi_buffering",
  fixedBy: "php-unbuffered-streams-events",
});
