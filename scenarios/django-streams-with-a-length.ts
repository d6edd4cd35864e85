import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A Django stream with a Content-Length arrives in pieces, too",
  chain: [{ app: "django:gthread" }],
  request: { path: "/stream-with-length" },
  trial: { kind: "paced" },
  must: { deliver: "incrementally", end: "complete" },
});
