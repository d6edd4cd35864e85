import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Starlette without GZipMiddleware streams lines of text to a client that accepts gzip",
  chain: [{ app: "starlette" }],
  request: { acceptEncoding: "gzip", path: "/lines" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
