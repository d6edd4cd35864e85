import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title:
    "Caddy closes its upstream connection as soon as its client has closed the connection, or has canceled one of several HTTP/2 streams",
  chain: [{ app: "sse" }, "caddy"],
  request: { clients: ["h1", "h1-tls", "h2", "h2c", "h3"] },
  trial: { kind: "client-leaving" },
  must: { noticeDisconnectWithinMs: 1000 },
});
