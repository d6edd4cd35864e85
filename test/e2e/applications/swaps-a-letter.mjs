// Listens on PORT, forwards to UPSTREAM, and cannot spell "token".
import { createServer, request as ask } from "node:http";

const upstream = new URL(process.env.UPSTREAM ?? "http://127.0.0.1:8000");

const server = createServer((request, response) => {
  const { hostname: host, port } = upstream;
  const asked = ask({ host, port, method: request.method, path: request.url, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.on("data", (piece) => response.write(piece.toString().replace("token", "tokem")));
    answer.on("end", () => response.end());
  });
  asked.on("error", () => response.destroy());
  response.on("close", () => asked.destroy());
  request.pipe(asked);
});

server.listen(Number(process.env.PORT ?? 8080));
