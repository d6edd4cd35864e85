// A bad hop of a stranger: independent of Hopwise, listens on PORT, forwards to UPSTREAM, and holds everything until the end.
import { createServer, request as ask } from "node:http";

const upstream = new URL(process.env.UPSTREAM ?? "http://127.0.0.1:8000");

const server = createServer((request, response) => {
  const asked = ask(
    { host: upstream.hostname, port: upstream.port, method: request.method, path: request.url, headers: request.headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      const held = [];
      answer.on("data", (piece) => held.push(piece));
      answer.on("end", () => response.end(Buffer.concat(held)));
      answer.on("error", () => response.destroy());
    },
  );
  asked.on("error", () => response.destroy());
  response.on("close", () => asked.destroy());
  request.pipe(asked);
});

server.listen(Number(process.env.PORT ?? 8080));
