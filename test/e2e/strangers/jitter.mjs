// Express. Each piece goes through an asynchronous step of up to 900 ms, one after the other so that they keep their order.
import { once } from "node:events";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";

express()
  .use(async (asked, response) => {
    const up = asked.pipe(request(new URL(asked.url, process.env.UPSTREAM), { method: asked.method, headers: asked.headers }));
    const [answer] = await once(up, "response");
    response.writeHead(answer.statusCode, answer.headers).flushHeaders();
    for await (const piece of answer) response.write(await sleep(900 * Math.random(), piece));
    response.end();
  })
  .listen(process.env.PORT, process.env.HOST);
