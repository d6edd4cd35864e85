import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "By default, on a new connection, Vinyl Cache waits almost a minute for a header section (first_byte_timeout)",
  chain: [{ app: "sse" }, "vinyl:close"],
  timeScale: 20,
  trial: { kind: "first-byte-wait", waitMs: 57_000 },
  must: { end: "complete" },
});
