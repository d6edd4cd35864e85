#!/usr/bin/node
// The made-up server of test/unit/check/fixtures/servers/plain as a program: it forwards, and holds the first chunks where a line says so.
import { readFileSync } from "node:fs";
import { createServer, request as ask } from "node:http";

if (process.argv[2] === "--version") {
  process.stdout.write("plain/1.0\n");
  process.exit(0);
}
const lines = readFileSync(process.argv[2], "utf8")
  .split("\n")
  .map((line) => line.split(" "));
const settings = ["listen", "forward", "hold", "prompt", ""];
const wrong = lines.find(([name]) => !settings.includes(name));
if (wrong) {
  process.stderr.write(`plain: unknown setting "${wrong[0]}" in ${process.argv[2]}\n`);
  process.exit(1);
}
const valueOf = (name) => lines.find((line) => line[0] === name)?.[1];
if (valueOf("listen") === undefined) {
  process.stderr.write(`plain: "listen" is missing in ${process.argv[2]}\n`);
  process.exit(1);
}
const most = Number(valueOf("hold") ?? 0);

process.on("SIGHUP", () => {});
process.on("SIGTERM", () => process.exit(0));
createServer((request, response) => {
  const [, , upstream] = lines.find(([name, path]) => name === "forward" && request.url.startsWith(path)) ?? [];
  if (!upstream) return response.writeHead(404).end();
  const [host, port] = upstream.split(":");
  const onward = ask({ host, port, path: request.url, method: request.method, headers: request.headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    response.flushHeaders();
    let held = [];
    answer.on("data", (chunk) => {
      if (held === null) return response.write(chunk);
      held.push(chunk);
      if (held.length <= most) return;
      for (const one of held) response.write(one);
      held = null;
    });
    answer.on("end", () => {
      for (const one of held ?? []) response.write(one);
      response.end();
    });
    answer.on("error", () => response.destroy());
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}).listen(Number(valueOf("listen")), "0.0.0.0");
