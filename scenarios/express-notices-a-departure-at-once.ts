import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Express hears of its client's leaving at once, with the stream flowing and silent",
  chain: [{ app: "express" }],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 500 },
});
