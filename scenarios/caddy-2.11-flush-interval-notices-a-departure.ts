import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy 2.11 notices at once that its client has left, with flush_interval -1 too",
  chain: [{ app: "sse" }, "caddy@2.11:flush-interval"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
