// Takes chunks apart and puts nothing in their place: the end of the connection is the end of the body.
import { request } from "node:http";
import { createServer } from "node:http";

const { hostname, port } = new URL(process.env.UPSTREAM);

createServer((incoming, outgoing) => {
  outgoing.useChunkedEncodingByDefault = false;
  outgoing.shouldKeepAlive = false;
  const asked = request({ host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
    const { "transfer-encoding": _, connection: __, ...headers } = answer.headers;
    outgoing.writeHead(answer.statusCode, headers);
    outgoing.flushHeaders();
    answer.on("data", (piece) => outgoing.write(piece));
    // Whatever the reason: there is nothing more to come.
    answer.on("close", () => outgoing.end());
    answer.on("error", () => {});
  });
  asked.on("error", () => outgoing.end());
  outgoing.on("close", () => asked.destroy());
  incoming.pipe(asked);
}).listen(Number(process.env.PORT), process.env.HOST);
