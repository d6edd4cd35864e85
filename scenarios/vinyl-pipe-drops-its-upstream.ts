import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Vinyl Cache with return (pipe) drops its upstream as soon as its client has left",
  chain: [{ app: "sse" }, "vinyl:pipe"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
