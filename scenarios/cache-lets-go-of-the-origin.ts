import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "A cache in Node stops filling when the client has left",
  chain: [{ app: "sse" }, { server: "http-pipe", middlewares: ["cache"] }],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
