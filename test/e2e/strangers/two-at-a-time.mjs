// A healthy pipe that refuses the third request at a time.
import { createServer, request } from "node:http";

const { hostname, port } = new URL(process.env.UPSTREAM);
let inside = 0;

createServer((incoming, outgoing) => {
  if (inside >= 2) {
    outgoing.writeHead(429, { "content-type": "text/plain", connection: "close" }).end("two at a time\n");
    return;
  }
  inside += 1;
  const asked = request({ host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.rawHeaders);
    outgoing.flushHeaders();
    answer.pipe(outgoing);
    answer.on("error", () => outgoing.destroy());
  });
  asked.on("error", () => outgoing.destroy());
  outgoing.on("close", () => {
    inside -= 1;
    asked.destroy();
  });
  incoming.pipe(asked);
}).listen(Number(process.env.PORT), process.env.HOST);
