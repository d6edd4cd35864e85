import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx in its default configuration closes its upstream connection as soon as the client has left",
  chain: [{ app: "sse" }, "nginx"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
