// `hopwise origin`: a server to deploy behind a URL, whose events `hopwise probe` knows.
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { probeHeader } from "../request.ts";
import { Marks } from "./marks.ts";
import { scheduleOf } from "./schedule.ts";
import { stream } from "./stream.ts";

/** It is reachable for strangers. */
const mostConnections = 200;
const mostBodyBytes = 1024 * 1024;

export const createOrigin = (): Server => {
  const marks = new Marks();
  const server = createServer((request, response) => {
    const { method, headers, url = "/" } = request;
    drain(request);
    const asked = markAsked(url);
    if (asked !== null) return answer(response, 200, JSON.stringify({ hopwise: 1, state: marks.stateOf(asked) }));
    const schedule = scheduleOf(url);
    if (typeof schedule === "string") return answer(response, 404, schedule);
    if (method !== "GET" && method !== "POST") return answer(response, 405, `${method} is not supported: use GET or POST`);
    const mark = headers[probeHeader];
    void stream(response, schedule, typeof mark === "string" ? marks.received(mark, response) : 1);
  });
  server.maxConnections = mostConnections;
  server.on("connection", (socket) => socket.setNoDelay(true));
  return server;
};

/** `/requests?mark=…` asks what became of a request. */
const markAsked = (target: string): string | null => {
  const { pathname, searchParams } = new URL(target, "http://origin");
  return pathname === "/requests" ? (searchParams.get("mark") ?? "") : null;
};

/** A body is read and forgotten. */
const drain = (request: IncomingMessage): void => {
  let bytes = 0;
  request.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > mostBodyBytes) request.destroy();
  });
};

const answer = (response: ServerResponse, status: number, text: string): void => {
  const type = status === 200 ? "application/json" : "text/plain; charset=utf-8";
  response.writeHead(status, { "content-type": type, "cache-control": "no-store", "hopwise-origin": "1" }).end(`${text}\n`);
};
