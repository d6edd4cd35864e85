import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "Varnish with return (pipe) drops its upstream as soon as its client has left",
  chain: [{ app: "sse" }, "varnish:pipe"],
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
