import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "server.timeout of node:http cuts a silent stream, but not one with heartbeats",
  chain: [{ app: "sse" }, "http-pipe-limits:timeout"],
  trial: { kind: "silence" },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: "http-pipe-limits" },
  because: "https://github.com/nexu-io/open-design/pull/2557",
  fixedBy: "node-request-timeout-spares-streams",
});
