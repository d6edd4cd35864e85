import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Heartbeats that suffice for nginx are too slow for a hop after it with a shorter timeout",
  chain: [{ app: "sse" }, "nginx:http-1.1", { server: "http-pipe", middlewares: ["timeout:idle"] }],
  trial: { kind: "paced", records: 4, everyMs: 1300 },
  does: { end: "truncated-visibly", culprit: "timeout" },
  because: "https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes",
  fixedBy: "heartbeats-quicker-than-the-strictest-hop",
});
