// Has seen enough after five events, and says that this was all.
import { createServer, request } from "node:http";

const { hostname, port } = new URL(process.env.UPSTREAM);

createServer((incoming, outgoing) => {
  const asked = request({ host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    outgoing.flushHeaders();
    let seen = 0;
    answer.on("data", (piece) => {
      seen += 1;
      outgoing.write(piece);
      if (seen < 5) return;
      outgoing.end();
      answer.destroy();
    });
    answer.on("end", () => outgoing.end());
    answer.on("error", () => outgoing.destroy());
  });
  asked.on("error", () => outgoing.destroy());
  outgoing.on("close", () => asked.destroy());
  incoming.pipe(asked);
}).listen(Number(process.env.PORT), process.env.HOST);
