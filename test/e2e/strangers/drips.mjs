// Passes 20 bytes on every tenth of a second: a limit of 200 bytes per second.
import { createServer, request } from "node:http";

createServer((asked, response) => {
  const up = request(new URL(asked.url, process.env.UPSTREAM), { method: asked.method, headers: asked.headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers).flushHeaders();
    const drip = setInterval(() => {
      const piece = answer.read(Math.min(20, answer.readableLength));
      if (piece) response.write(piece);
    }, 100);
    answer.on("readable", () => {}).on("end", () => response.end());
    answer.on("close", () => clearInterval(drip));
  });
  asked.pipe(up);
}).listen(process.env.PORT, process.env.HOST);
