import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Neither Django nor nginx with proxy_buffering on needs more memory the larger a stream is",
  chain: [{ app: "django:gthread" }, "nginx:http-1.1"],
  trial: { kind: "memory" },
  must: { memory: "bounded" },
});
