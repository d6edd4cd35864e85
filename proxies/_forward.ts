// HTTP forwarding over node:http. Every step is straight unless the caller replaces it, so that a hop can say the one thing that
// it does otherwise:   upstream ──headers──write──write──end──▶ client      cut: upstream breaks off      left: the client leaves
import { Agent, request as ask } from "node:http";
import type { ClientRequest, IncomingMessage, RequestListener, ServerResponse } from "node:http";

export interface Steps {
  headers: (answer: IncomingMessage) => void;
  /** False: no more until the client has taken what is pending. */
  write: (piece: Buffer) => boolean;
  end: () => void;
  /** The upstream ended inside its response, or without one. */
  cut: () => void;
  /** The client left, or was answered, before the upstream's response was read. */
  left: () => void;
}

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** The request to the upstream. */
  asked: ClientRequest;
  straight: Steps;
}

export type Shape = (exchange: Exchange) => Partial<Steps>;

export const forward = (upstream: URL, shape: Shape = () => ({})): RequestListener => {
  // Idle connections must close before the upstream closes them, otherwise a request may meet the close. Without a `timeout` of its own an Agent
  // keeps them forever, whatever the upstream's Keep-Alive header says (keepSocketAlive in Node's lib/_http_agent.js).
  const agent = new Agent({ keepAlive: true, timeout: idleMs });
  return (request, response) => {
    const headers = requestFields(request, upstream);
    const { hostname: host, port } = upstream;
    const asked = ask({ agent, host, port, method: request.method, path: request.url, headers });
    let answer: IncomingMessage | undefined;
    let broken = false;

    const straight: Steps = {
      headers: (head) => passHead(request, head, response),
      write: (piece) => response.destroyed || response.write(piece),
      end: () => {
        if (answer?.rawTrailers.length) response.addTrailers(pairs(answer.rawTrailers));
        response.end();
      },
      cut: () => cut(response),
      left: () => asked.destroy(),
    };
    const steps: Steps = { ...straight, ...shape({ request, response, asked, straight }) };

    asked.on("information", ({ statusCode, rawHeaders }) => {
      // node:http has answered 100 itself already, and HTTP/1.0 knows no 1xx (RFC 9110 §15.2).
      const wanted = statusCode !== 100 && request.httpVersion !== "1.0" && !response.headersSent;
      if (wanted) response.writeInformation(statusCode, rawHeaders);
    });
    asked.on("response", (head) => {
      answer = head;
      steps.headers(head);
      head.on("data", (piece: Buffer) => void (steps.write(piece) || head.pause()));
      // A reset is the regular end of a body without length or chunks to node:http, but for the error that it reports before.
      head.on("end", () => (broken ? steps.cut() : steps.end()));
      head.on("close", () => void (head.complete || steps.cut()));
    });
    asked.on("error", () => {
      broken = true;
      if (!answer) steps.cut();
    });
    response.on("drain", () => answer?.resume());
    response.on("close", () => {
      if (!answer?.readableEnded) steps.left();
      answer?.resume();
    });
    // Else node:http keeps a request's header section until its body's first byte.
    asked.flushHeaders();
    request.pipe(asked);
  };
};

const idleMs = 2000;

/** Aborts visibly: with a reset, after the data that precedes it. */
export const cut = (response: ServerResponse): void => {
  const { socket } = response;
  if (!socket || response.writableEnded || response.destroyed) return;
  socket.write("", () => {
    socket.resetAndDestroy();
    response.destroy();
  });
};

export const passHead = (request: IncomingMessage, answer: IncomingMessage, response: ServerResponse): void => {
  const { statusCode = 502, statusMessage, rawHeaders, headers } = answer;
  const bodyless = request.method === "HEAD" || statusCode === 204 || statusCode === 304;
  const chunked = headers["transfer-encoding"] !== undefined;
  // What the upstream delimits by closing is delimited so again: chunks would make its end look more certain than it was.
  if (!bodyless && !chunked && headers["content-length"] === undefined) response.useChunkedEncodingByDefault = false;
  const trailers = chunked && !bodyless && request.httpVersion !== "1.0";
  response.writeHead(statusCode, statusMessage, endToEnd(rawHeaders, trailers ? [] : ["trailer"]));
  response.flushHeaders();
};

const requestFields = (request: IncomingMessage, upstream: URL): string[] => {
  const fields = endToEnd(request.rawHeaders, ["expect"]);
  if (request.headers.host === undefined) fields.push("Host", upstream.host);
  if (request.headers["transfer-encoding"] !== undefined) fields.push("Transfer-Encoding", "chunked");
  return fields;
};

/** RFC 9110 §7.6.1 */
const hopByHop = ["connection", "proxy-connection", "keep-alive", "te", "transfer-encoding", "upgrade"];

const endToEnd = (raw: string[], unwanted: string[]): string[] => {
  const named = pairs(raw).filter(([name]) => name.toLowerCase() === "connection");
  const options = named.flatMap(([, value]) =>
    value
      .toLowerCase()
      .split(",")
      .map((option) => option.trim()),
  );
  const dropped = new Set([...hopByHop, ...unwanted, ...options]);
  return pairs(raw)
    .filter(([name]) => !dropped.has(name.toLowerCase()))
    .flat();
};

const pairs = (raw: string[]): [name: string, value: string][] => {
  const list: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) list.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return list;
};
