// The scripted origin in place of both, through the lab's relays: the same streams by HTTP/1.1.
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { openRelay } from "./relay.mjs";

const record = (number, size) => `${`${number} ${(Date.now() / 1000).toFixed(6)} `.padEnd(size - 1, ".")}\n`;

const answer = async (request, response) => {
  const [path = "", name = ""] = request.url.split("?");
  const kind = path.split("/").at(-1);
  const size = kind === "large" ? 5000 : 100;
  let isGone = false;
  response.on("close", () => {
    isGone = !response.writableFinished;
    if (isGone) appendFileSync("/tmp/noticed", `${name}\n`);
  });
  response.writeHead(200, { "Content-Type": "text/plain", ...(kind === "short" ? { "Content-Length": "800" } : {}) });
  response.flushHeaders();
  const count = kind === "endless" ? 60 : 8;
  for (let number = 0; number < count && !isGone; number += 1) {
    if (["killed", "failing", "short"].includes(kind) && number === 4) return response.destroy();
    response.write(record(number, size));
    await delay(kind === "endless" ? 100 : 150);
  }
  return response.end();
};

const target = { host: "127.0.0.1", port: 4000 };
createServer((request, response) => void answer(request, response)).listen(target.port, target.host);
await openRelay({ listen: { host: "127.0.0.1", port: 4031 }, target, speaks: "uwsgi" });
await openRelay({ listen: { host: "127.0.0.1", port: 4900 }, target, speaks: "fastcgi" });
