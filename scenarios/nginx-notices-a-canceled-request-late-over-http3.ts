import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "nginx notices at its next write that a client has canceled its request over HTTP/3 (STOP_SENDING)",
  chain: [{ app: "sse" }, "nginx@>=1.26:http-1.1"],
  request: { clients: ["h1", "h3"] },
  trial: { kind: "client-leaving" },
  does: { disconnect: "propagated-on-next-write", culprit: "nginx" },
  when: { clients: ["h3"] },
  because: "https://github.com/nginx/nginx/blob/master/src/event/quic/ngx_event_quic_streams.c",
  fixedBy: "nginx-drops-its-upstream-by-each-protocol",
});
