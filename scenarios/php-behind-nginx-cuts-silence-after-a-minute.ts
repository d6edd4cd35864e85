import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "By default, nginx cuts a PHP stream that is silent for a minute (fastcgi_read_timeout)",
  chain: [{ app: "php:unbuffered" }],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 66_000 },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "php" },
  because: "https://nginx.org/en/docs/http/ngx_http_fastcgi_module.html#fastcgi_read_timeout",
  fixedBy: "php-behind-nginx-survives-silence-of-nearly-a-minute",
});
