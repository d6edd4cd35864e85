import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "By default, nginx keeps a PHP stream that is silent for almost a minute (fastcgi_read_timeout)",
  chain: [{ app: "php:unbuffered" }],
  timeScale: 20,
  trial: { kind: "silence", silentMs: 57_000 },
  must: { surviveSilenceMs: 57_000 },
});
