// Express. Passes line by line on; what is no whole line yet waits for its end.
import { request } from "node:http";
import express from "express";

express()
  .use((asked, response) => {
    const up = request(new URL(asked.url, process.env.UPSTREAM), { method: asked.method, headers: asked.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers).flushHeaders();
      let rest = "";
      answer.setEncoding("latin1").on("data", (text) => {
        const lines = (rest + text).split(/(?<=\n)/);
        rest = lines.at(-1).endsWith("\n") ? "" : lines.pop();
        for (const line of lines) response.write(line, "latin1");
      });
      answer.on("end", () => response.end(rest, "latin1"));
    });
    asked.pipe(up);
  })
  .listen(process.env.PORT, process.env.HOST);
