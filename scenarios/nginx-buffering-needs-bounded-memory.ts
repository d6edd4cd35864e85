import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx with proxy_buffering on writes what a slow client does not take to a file, and needs no more memory the larger the body is",
  chain: [{ app: "binary" }, "nginx:http-1.1"],
  trial: { kind: "memory" },
  must: { memory: "bounded" },
});
