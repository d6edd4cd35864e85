import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "uWSGI's HTTP router with --http-auto-chunked ends a stream with its last chunk",
  chain: [{ app: "django:uwsgi-chunked" }],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete" },
});
