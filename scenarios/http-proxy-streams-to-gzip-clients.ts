import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy forwards events one by one to a client that accepts gzip",
  chain: [{ app: "sse" }, "http-proxy"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
