import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Pushpin drops its upstream as soon as its client has left",
  chain: [{ app: "sse" }, "pushpin"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
