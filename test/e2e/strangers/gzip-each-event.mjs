// Express. Compresses each event by itself, as one does who has found that a stream through gzip stalls.
import { once } from "node:events";
import { request } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import express from "express";

express()
  .use(async (asked, response) => {
    const up = asked.pipe(request(new URL(asked.url, process.env.UPSTREAM), { method: asked.method, headers: asked.headers }));
    const [answer] = await once(up, "response");
    const coding = asked.get("accept-encoding")?.includes("gzip") ? { "content-encoding": "gzip" } : null;
    response.writeHead(answer.statusCode, { ...answer.headers, ...coding }).flushHeaders();
    for await (const piece of answer) response.write(coding ? await promisify(gzip)(piece) : piece);
    response.end();
  })
  .listen(process.env.PORT, process.env.HOST);
