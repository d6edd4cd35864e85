// Holds back the first kilobyte to look at it, as something does that guesses types; what follows passes.
import { createServer, request } from "node:http";

const { hostname, port } = new URL(process.env.UPSTREAM);

createServer((incoming, outgoing) => {
  const asked = request({ host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    outgoing.flushHeaders();
    let looked = 0;
    const pieces = [];
    answer.on("data", (piece) => {
      looked += piece.length;
      pieces.push(piece);
      if (looked >= 1024) for (const one of pieces.splice(0)) outgoing.write(one);
    });
    answer.on("end", () => outgoing.end(Buffer.concat(pieces)));
    answer.on("error", () => outgoing.destroy());
  });
  asked.on("error", () => outgoing.destroy());
  outgoing.on("close", () => asked.destroy());
  incoming.pipe(asked);
}).listen(Number(process.env.PORT), process.env.HOST);
