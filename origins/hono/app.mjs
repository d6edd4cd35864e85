// A Hono application: a stream by streamSSE, and one by stream. Every record comes from the lab, which answers as soon as the trial wants
// it written.
import { randomUUID } from "node:crypto";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { stream, streamSSE } from "hono/streaming";

const { HOPWISE_LAB: lab, PORT, HOST: hostname, COMPRESSES: compresses } = process.env;

const app = new Hono();
if (compresses) app.use(compress({ threshold: 0 }));

const records = async function* (query) {
  while (true) {
    const answer = await fetch(`${lab}/next?${query}`);
    if (answer.status === 204) return;
    // So a trial has the application fail.
    if (!answer.ok) throw new Error(`the lab answered ${answer.status}`);
    yield new Uint8Array(await answer.arrayBuffer());
  }
};

const send = (context) => async (out) => {
  const query = new URLSearchParams({
    request: context.req.header("hopwise-request") ?? context.req.query("hopwise") ?? "",
    stream: randomUUID(),
  });
  out.onAbort(() => void fetch(`${lab}/noticed?${query}&what=${encodeURIComponent("onAbort()")}`));
  for await (const record of records(query)) await out.write(record);
};

app.get("/ready", (context) => context.text("ready"));
app.get("/stream", (context) => streamSSE(context, send(context)));
app.get("/lines", (context) => {
  context.header("Content-Type", "text/plain");
  return stream(context, send(context));
});

serve({ fetch: app.fetch, port: Number(PORT), hostname });
