// Keeps its upstream for 700 ms after the client left, in case it comes back.
import { createServer, request } from "node:http";

const { hostname, port } = new URL(process.env.UPSTREAM);
const graceMs = Number(process.env.GRACE_MS ?? 700);

createServer((incoming, outgoing) => {
  const asked = request({ host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    outgoing.flushHeaders();
    answer.on("data", (piece) => outgoing.write(piece));
    answer.on("end", () => outgoing.end());
    answer.on("error", () => outgoing.destroy());
  });
  asked.on("error", () => outgoing.destroy());
  outgoing.on("close", () => setTimeout(() => asked.destroy(), outgoing.writableFinished ? 0 : graceMs));
  incoming.pipe(asked);
}).listen(Number(process.env.PORT), process.env.HOST);
