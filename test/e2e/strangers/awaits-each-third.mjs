// Express. Awaits something slow for every third piece (a lookup, say), and reads nothing meanwhile.
import { once } from "node:events";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import express from "express";

express()
  .use(async (asked, response) => {
    const up = asked.pipe(request(new URL(asked.url, process.env.UPSTREAM), { method: asked.method, headers: asked.headers }));
    const [answer] = await once(up, "response");
    response.writeHead(answer.statusCode, answer.headers).flushHeaders();
    let pieces = 0;
    for await (const piece of answer) {
      if (++pieces % 3 === 0) await sleep(900);
      response.write(piece);
    }
    response.end();
  })
  .listen(process.env.PORT, process.env.HOST);
