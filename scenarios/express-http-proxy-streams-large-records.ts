import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "express-http-proxy forwards large records whole, one by one",
  chain: [{ app: "sse" }, "express-http-proxy"],
  trial: { kind: "lock-step", recordBytes: 20000 },
  must: { deliver: "incrementally" },
});
