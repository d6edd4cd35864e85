// Throws what its upstream's error brings it, as examples do that never saw one.
import { createServer, request } from "node:http";

const { hostname, port } = new URL(process.env.UPSTREAM);
const die = (error) => {
  throw error;
};

createServer((incoming, outgoing) => {
  const asked = request({ host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.rawHeaders);
    outgoing.flushHeaders();
    answer.on("error", die).pipe(outgoing);
    outgoing.on("close", () => answer.off("error", die).on("error", () => {}));
  });
  asked.on("error", () => outgoing.destroy());
  outgoing.on("close", () => asked.destroy());
  incoming.pipe(asked);
}).listen(Number(process.env.PORT), process.env.HOST);
