import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Sixteen slow streams on sixteen processes of PHP-FPM keep the next request waiting",
  chain: [{ app: "php:unbuffered" }],
  trial: { kind: "starvation", streams: 16 },
  does: { end: "hung", cause: "queued", culprit: "php" },
  because: "https://www.php.net/manual/en/install.fpm.configuration.php#pm.max-children",
  fixedBy: "express-serves-one-more-request",
});
