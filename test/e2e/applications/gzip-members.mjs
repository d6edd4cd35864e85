// An application: ten events, each compressed by itself for clients that take gzip. Says on which port it listens.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);

const stream = async (response, zips) => {
  response.writeHead(200, { "Content-Type": "text/event-stream", ...(zips ? { "Content-Encoding": "gzip" } : {}) }).flushHeaders();
  for (let number = 0; number < 10 && !response.destroyed; number++) {
    const event = `data: {"number": ${number}, "token": "${Math.random()}"}\n\n`;
    response.write(zips ? await compress(event) : event);
    await sleep(200);
  }
  response.end();
};

const server = createServer((request, response) => void stream(response, String(request.headers["accept-encoding"]).includes("gzip")));
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
