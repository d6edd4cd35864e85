import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title:
    "nginx closes its upstream connection as soon as its client has closed the connection, or has canceled one of several HTTP/2 streams",
  chain: [{ app: "sse" }, "nginx:http-1.1"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c"] },
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
