import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx cuts visibly when an HTTP/1.1 origin aborts",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  trial: { kind: "origin-abort" },
  must: { end: "visibly" },
});
