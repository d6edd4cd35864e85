import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx gzip does not compress types that gzip_types omits, and streams them",
  chain: [{ app: "sse" }, "nginx:gzip-rows"],
  request: { acceptEncoding: "gzip" },
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
