// `hopwise origin`: a server to deploy behind a URL, whose events `hopwise probe` knows.
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { probeHeader } from "../request.ts";
import { scheduleOf } from "./schedule.ts";
import { stream } from "./stream.ts";

/** It is reachable for strangers. */
const mostConnections = 200;
const mostMarks = 1000;
const mostBodyBytes = 1024 * 1024;

export const createOrigin = (): Server => {
  const attempts = new Map<string, number>();
  const attemptOf = ({ headers }: IncomingMessage): number => {
    const mark = headers[probeHeader];
    if (typeof mark !== "string") return 1;
    const attempt = (attempts.get(mark) ?? 0) + 1;
    attempts.set(mark, attempt);
    const [oldest] = attempts.keys();
    if (attempts.size > mostMarks && oldest !== undefined) attempts.delete(oldest);
    return attempt;
  };
  const server = createServer((request, response) => {
    const schedule = scheduleOf(request.url ?? "/");
    drain(request);
    if (typeof schedule === "string") return refuse(response, schedule);
    if (request.method !== "GET" && request.method !== "POST")
      return refuse(response, `${request.method} is not supported: use GET or POST`);
    void stream(response, schedule, attemptOf(request));
  });
  server.maxConnections = mostConnections;
  server.on("connection", (socket) => socket.setNoDelay(true));
  return server;
};

/** A body is read and forgotten. */
const drain = (request: IncomingMessage): void => {
  let bytes = 0;
  request.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > mostBodyBytes) request.destroy();
  });
};

const refuse = (response: ServerResponse, sentence: string): void => {
  response.writeHead(404, { "content-type": "text/plain; charset=utf-8", "hopwise-origin": "1" }).end(`${sentence}\n`);
};
