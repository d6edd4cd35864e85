// Passes an event on when the next one begins, and forgets that nothing begins after the last one.
import { createServer, request } from "node:http";

const { hostname, port } = new URL(process.env.UPSTREAM);

createServer((incoming, outgoing) => {
  const asked = request({ host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    outgoing.flushHeaders();
    let last = null;
    answer.on("data", (piece) => {
      if (last) outgoing.write(last);
      last = piece;
    });
    answer.on("end", () => outgoing.end());
    answer.on("error", () => outgoing.destroy());
  });
  asked.on("error", () => outgoing.destroy());
  outgoing.on("close", () => asked.destroy());
  incoming.pipe(asked);
}).listen(Number(process.env.PORT), process.env.HOST);
