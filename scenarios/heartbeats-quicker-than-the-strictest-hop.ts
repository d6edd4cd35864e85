import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Heartbeats quicker than the shortest limit of the chain keep the stream alive",
  chain: [{ app: "sse" }, "nginx:http-1.1", { server: "http-pipe", middlewares: ["timeout:idle"] }],
  trial: { kind: "paced", records: 4, everyMs: 400 },
  must: { deliver: "incrementally", end: "complete" },
});
