// A Fastify application with one stream, which it sends as a Readable. Every record comes from the lab, which answers as soon as the trial
// wants it written.
import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import fastify from "fastify";

const { HOPWISE_LAB: lab, PORT: port, HOST: host, COMPRESSES: compresses } = process.env;

const app = fastify();
if (compresses) {
  const { default: compress } = await import("@fastify/compress");
  await app.register(compress, { threshold: 0, customTypes: /^text\// });
}

const records = async function* (query) {
  while (true) {
    const answer = await fetch(`${lab}/next?${query}`);
    if (answer.status === 204) return;
    // So a trial has the application fail.
    if (!answer.ok) throw new Error(`the lab answered ${answer.status}`);
    yield Buffer.from(await answer.arrayBuffer());
  }
};

app.get("/ready", async () => "ready");

app.get("/stream", async (request, reply) => {
  const query = new URLSearchParams({ request: request.headers["hopwise-request"] ?? request.query.hopwise ?? "", stream: randomUUID() });
  reply.raw.on("close", () => {
    if (!reply.raw.writableFinished) void fetch(`${lab}/noticed?${query}&what=${encodeURIComponent("the response's close event")}`);
  });
  return reply.type("text/event-stream").send(Readable.from(records(query), { objectMode: false }));
});

await app.listen({ port: Number(port), host });
