import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Heartbeats that suit nginx are too slow for a hop behind it with a shorter limit",
  chain: [{ app: "sse" }, "nginx:http-1.1", { server: "http-pipe", middlewares: ["timeout:idle"] }],
  trial: { kind: "paced", records: 4, everyMs: 1300 },
  does: { end: "incomplete-visible", culprit: "timeout" },
  because: "https://html.spec.whatwg.org/multipage/server-sent-events.html#authoring-notes",
  twin: "heartbeats-quicker-than-the-strictest-hop",
});
