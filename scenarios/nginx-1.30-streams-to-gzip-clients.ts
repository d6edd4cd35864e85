import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx 1.30 in its default configuration forwards events one by one to a client that accepts gzip",
  chain: [{ app: "sse" }, "nginx@1.30"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
