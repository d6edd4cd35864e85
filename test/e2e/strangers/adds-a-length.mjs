// Wants every response to have a Content-Length, and gathers it to count it.
import { createServer, request } from "node:http";
import { buffer } from "node:stream/consumers";

const { hostname, port } = new URL(process.env.UPSTREAM);

const gathered = async (answer, incoming, outgoing) => {
  const { "transfer-encoding": _, ...headers } = answer.headers;
  try {
    const body = await buffer(answer);
    if (incoming.method !== "HEAD" && answer.statusCode === 200) headers["content-length"] = body.length;
    outgoing.writeHead(answer.statusCode, headers).end(body);
  } catch {
    outgoing.destroy();
  }
};

createServer((incoming, outgoing) => {
  const asked = request(
    { host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
    (answer) => void gathered(answer, incoming, outgoing),
  );
  asked.on("error", () => outgoing.destroy());
  outgoing.on("close", () => asked.destroy());
  incoming.pipe(asked);
}).listen(Number(process.env.PORT), process.env.HOST);
