// A user's own application: the path selects what it does. Listens on PORT, or says on which port it does.
import { createServer } from "node:http";

const event = (number) => `data: {"number": ${number}, "token": "${Math.random()}"}\n\n`;

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://application");
  if (pathname === "/echo") return void response.end(request.url + "\n" + JSON.stringify(request.headers));
  if (pathname === "/missing") return void response.writeHead(404).end("There is no such stream\n");
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  if (pathname === "/keeps-all") return void setTimeout(() => response.end(Array.from({ length: 20 }, (_, n) => event(n)).join("")), 500);
  response.flushHeaders();
  if (pathname === "/silent") return;
  if (pathname === "/empty") return void response.end();
  let number = 0;
  const timer = setInterval(() => {
    response.write(event(number++));
    if (pathname === "/endless" || number < 10) return;
    clearInterval(timer);
    if (pathname === "/breaks-off") response.destroy();
    else response.end();
  }, 200);
  response.on("close", () => clearInterval(timer));
});

server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => console.log(server.address().port));
