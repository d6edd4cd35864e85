import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Heartbeats more frequent than the shortest timeout of the chain keep the stream open",
  chain: [{ app: "sse" }, "nginx:http-1.1", { server: "http-pipe", middlewares: ["timeout:idle"] }],
  trial: { kind: "paced", records: 4, everyMs: 400 },
  must: { deliver: "incrementally", end: "complete" },
});
