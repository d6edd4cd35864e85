// Reads events, and keeps the last two: a player that wants to know what comes next before it shows what is.
import { createServer, request } from "node:http";

const { hostname, port } = new URL(process.env.UPSTREAM);

createServer((incoming, outgoing) => {
  const asked = request({ host: hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    outgoing.flushHeaders();
    let text = "";
    const events = [];
    answer.setEncoding("latin1").on("data", (piece) => {
      const parts = (text + piece).split("\n\n");
      text = parts.pop();
      for (const part of parts) events.push(`${part}\n\n`);
      while (events.length > 2) outgoing.write(events.shift(), "latin1");
    });
    answer.on("end", () => outgoing.end(events.join("") + text, "latin1"));
    answer.on("error", () => outgoing.destroy());
  });
  asked.on("error", () => outgoing.destroy());
  outgoing.on("close", () => asked.destroy());
  incoming.pipe(asked);
}).listen(Number(process.env.PORT), process.env.HOST);
