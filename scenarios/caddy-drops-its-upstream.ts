import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Caddy closes its upstream connection as soon as the client has left",
  chain: [{ app: "sse" }, "caddy"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
