// An Express application with one stream. Every record comes from the lab, which answers as soon as the trial wants it written.
const { randomUUID } = require("node:crypto");
const events = require("node:events");
const compression = require("compression");
const express = require("express");

const { HOPWISE_LAB: lab, PORT: port, COMPRESSION: compresses } = process.env;

const app = express();
if (compresses) app.use(compression({ threshold: 0, filter: () => true }));

app.get("/ready", (request, response) => response.send("ready"));

const stream = async (request, response) => {
  const query = new URLSearchParams({ request: request.get("hopwise-request") ?? request.query.hopwise ?? "", stream: randomUUID() });
  response.on("close", () => {
    if (!response.writableFinished) void fetch(`${lab}/noticed?${query}&what=${encodeURIComponent("the response's close event")}`);
  });
  response.type("text/event-stream");
  response.flushHeaders();
  while (!response.destroyed) {
    const answer = await fetch(`${lab}/next?${query}`);
    if (answer.status === 204) return response.end();
    // So a trial has the application fail.
    if (!answer.ok) throw new Error(`the lab answered ${answer.status}`);
    if (!response.write(Buffer.from(await answer.arrayBuffer())))
      await Promise.race([events.once(response, "drain"), events.once(response, "close")]);
    if (compresses === "flushed") response.flush();
  }
};

app.get("/stream", (request, response, next) => void stream(request, response).catch(next));

app.listen(port, process.env.HOST);
