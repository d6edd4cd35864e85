import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx cuts visibly when an HTTP/1.1 origin aborts: over HTTP/3 by RESET_STREAM",
  chain: [{ app: "sse" }, "nginx@>=1.26:http-1.1"],
  request: { clients: ["h1", "h3"] },
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
