// Lets the body go in packets of 1500 bytes, as if each had to fill an Ethernet frame; the rest at its end.
import { createServer, request } from "node:http";

const { hostname, port } = new URL(process.env.UPSTREAM);
const frame = 1500;

createServer((incoming, outgoing) => {
  const asked = request({ host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    outgoing.flushHeaders();
    let held = Buffer.alloc(0);
    answer.on("data", (piece) => {
      held = Buffer.concat([held, piece]);
      while (held.length >= frame) {
        outgoing.write(held.subarray(0, frame));
        held = held.subarray(frame);
      }
    });
    answer.on("end", () => outgoing.end(held));
    answer.on("error", () => outgoing.destroy());
  });
  asked.on("error", () => outgoing.destroy());
  outgoing.on("close", () => asked.destroy());
  incoming.pipe(asked);
}).listen(Number(process.env.PORT), process.env.HOST);
