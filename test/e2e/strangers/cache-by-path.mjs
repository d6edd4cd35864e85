// Remembers what it was answered by path, and takes the query for something that marketing adds.
import { createServer, request } from "node:http";

const { hostname, port } = new URL(process.env.UPSTREAM);
const store = new Map();

createServer((incoming, outgoing) => {
  const key = `${incoming.method} ${incoming.url.split("?")[0]}`;
  const known = store.get(key);
  if (known) return outgoing.writeHead(known.status, known.headers).end(known.body);
  const asked = request({ host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    outgoing.flushHeaders();
    const pieces = [];
    answer.on("data", (piece) => {
      pieces.push(piece);
      outgoing.write(piece);
    });
    answer.on("end", () => {
      outgoing.end();
      const { "transfer-encoding": _, ...headers } = answer.headers;
      store.set(key, { status: answer.statusCode, headers, body: Buffer.concat(pieces) });
    });
    answer.on("error", () => outgoing.destroy());
  });
  asked.on("error", () => outgoing.destroy());
  outgoing.on("close", () => asked.destroy());
  incoming.pipe(asked);
}).listen(Number(process.env.PORT), process.env.HOST);
