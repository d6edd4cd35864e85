import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A proxy over fetch forwards events one by one to a client that accepts gzip",
  chain: [{ app: "sse" }, "fetch-proxy"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally" },
});
