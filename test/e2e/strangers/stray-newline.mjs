// Writes the chunks itself, with one newline too many after each.
import { request } from "node:http";
import { createServer } from "node:http";

const { hostname, port } = new URL(process.env.UPSTREAM);

createServer((incoming, outgoing) => {
  const { socket } = incoming;
  const asked = request({ host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
    const fields = [];
    for (let i = 0; i < answer.rawHeaders.length; i += 2) fields.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}\r\n`);
    socket.write(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${fields.join("")}\r\n`);
    answer.on("data", (piece) => {
      socket.write(`${piece.length.toString(16)}\r\n`);
      socket.write(piece);
      socket.write("\r\n\n");
    });
    answer.on("end", () => socket.end("headers" in answer && answer.headers["transfer-encoding"] ? "0\r\n\r\n" : ""));
    answer.on("error", () => socket.destroy());
  });
  asked.on("error", () => socket.destroy());
  socket.on("close", () => asked.destroy());
  outgoing.on("close", () => asked.destroy());
  incoming.pipe(asked);
}).listen(Number(process.env.PORT), process.env.HOST);
