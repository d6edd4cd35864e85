import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy passes on records of 20 kB one by one",
  chain: [{ app: "sse" }, "caddy"],
  trial: { kind: "lock-step", recordBytes: 20_000 },
  must: { deliver: "incrementally" },
});
