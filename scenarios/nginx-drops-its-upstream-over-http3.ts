import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title:
    "nginx closes its upstream connection as soon as its client has closed its connection over HTTP/3, or has canceled one of several streams",
  chain: [{ app: "sse" }, "nginx@>=1.26:http-1.1"],
  request: { clients: ["h1", "h3"] },
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
