import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Django streams a StreamingHttpResponse over a sync iterator under WSGI, and nginx passes it on by HTTP/1.1",
  chain: [{ app: "django:gthread" }, "nginx:unbuffered"],
  trial: { kind: "lock-step" },
  must: { deliver: "incrementally", end: "complete", integrity: "intact", source: "origin" },
});
