import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx gzip leaves alone what gzip_types does not name, and streams it",
  chain: [{ app: "sse" }, "nginx:gzip-rows"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
