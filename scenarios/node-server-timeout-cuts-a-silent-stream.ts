import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "server.timeout of node:http cuts a silent stream, and heartbeats survive it",
  chain: [{ app: "sse" }, "http-pipe-limits:timeout"],
  trial: { kind: "silence" },
  does: { end: "incomplete-visible", cause: "idle-limit", culprit: "http-pipe-limits" },
  because: "https://github.com/nexu-io/open-design/pull/2557",
  twin: "node-request-timeout-spares-streams",
});
