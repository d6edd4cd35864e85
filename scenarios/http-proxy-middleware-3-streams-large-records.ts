import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "http-proxy-middleware 3 forwards large records whole, one by one",
  chain: [{ app: "sse" }, "http-proxy-middleware-3"],
  trial: { kind: "lock-step", recordBytes: 20000 },
  must: { deliver: "incrementally" },
});
