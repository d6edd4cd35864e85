import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "httpxy forwards events one by one to a client that accepts gzip",
  chain: [{ app: "sse" }, "httpxy"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
