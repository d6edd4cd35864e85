import { createServer } from "node:http";
import { randomUUID } from "node:crypto";

const { HOPWISE_LAB: lab, PORT: port, FAULT: fault } = process.env;

console.log(`the fault is ${fault || "none"}`);
if (fault === "not-starting") throw new Error("there is no database");

const open = new Set();
process.on("SIGHUP", () => {
  if (fault === "cutting-on-reload") for (const response of open) response.destroy();
});

let last = Promise.resolve();
const inTurn = (request, response) => {
  const before = last;
  const { promise, resolve } = Promise.withResolvers();
  last = promise;
  void before.then(() => stream(request, response)).finally(resolve);
};

const stream = async (request, response) => {
  if (fault === "answering-500") return response.writeHead(500).end("oh no\n");
  response.writeHead(200, { "Content-Type": "text/event-stream" });
  if (fault === "never-asking") return response.end("data: my own\n\n");
  const query = new URLSearchParams({ request: request.headers["hopwise-request"] ?? "", stream: randomUUID() });
  open.add(response);
  for (let asked = 0; ; asked++) {
    if (fault === "crashing" && asked === 2) {
      console.error("out of luck");
      process.exit(7);
    }
    if (fault === "stopping-to-ask" && asked === 2) return console.error("waiting for ever");
    const answer = await fetch(`${lab}/next?${query}`);
    if (answer.status !== 200) return response.end();
    response.write(Buffer.from(await answer.arrayBuffer()));
  }
};

createServer((request, response) => {
  const { pathname } = new URL(request.url, "http://bad");
  if (pathname === "/ready") response.writeHead(fault === "not-ready" ? 500 : 200).end();
  else if (pathname === "/stream") (fault === "one-at-a-time" ? inTurn : stream)(request, response);
  else response.writeHead(404).end("there is no such page\n");
}).listen(port);
