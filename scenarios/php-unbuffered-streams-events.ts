import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "flush() in PHP sends each record with fastcgi_buffering off",
  chain: [{ app: "php:unbuffered" }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
