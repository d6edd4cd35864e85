// What a browser asks in the measurements: streams in lock-step with a page (the next record is written when the page has acknowledged the
// last one, or after a patience), and streams that stay open until they are asked to end. Over HTTP/1.1, and over HTTP/2 by TLS.
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createSecureServer } from "node:http2";
import type { Http2ServerRequest } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { selfSigned } from "../../harness/lab/certificate.ts";
import type { Address } from "../../harness/lab/protocol.ts";
import { bodyOf } from "./body.ts";
import type { Coding, Format } from "./body.ts";
import { createFlows } from "./flow.ts";
import type { Flow } from "./flow.ts";

type Request = IncomingMessage | Http2ServerRequest;
/** Node's HTTP/2 answers as its HTTP/1.1 does: https://nodejs.org/api/http2.html#compatibility-api */
type Response = ServerResponse;

/** What became of one stream in lock-step. */
export interface LockStep {
  /** How many records the page had acknowledged before the next one was written, or the end. */
  seen: number;
  records: number;
}

export interface BrowserOrigin extends AsyncDisposable {
  /** Without a path, e.g. `http://127.0.0.1:40001`. */
  http1: string;
  /** The same by TLS and HTTP/2. */
  http2: string;
  /** For a chain in front of it. */
  address: Address;
  /** Settles when the stream of that id has ended. */
  lockStepOf: (id: string) => Promise<LockStep>;
  /** Ids of the streams that are open now and were opened by `/held?id=`. */
  held: () => string[];
  /** Settles when so many of these have been asked for. */
  count: (ids: readonly string[], number: number) => Promise<void>;
  /** Settles when the page has left that one: by ending its stream alone, or with the connection. */
  left: (id: string) => Promise<"stream" | "connection">;
  /** Ends an open stream. */
  end: (id: string) => void;
  /** The header fields `Last-Event-ID` of each request for `/resumed`, null where there was none. */
  resumed: (string | null)[];
  /** How often `/once` was asked for. */
  once: { requests: number };
  /** What became of `/flowing?id=`. */
  flow: (id: string) => Flow;
}

/** Far longer than a page on a busy machine needs for one record. */
const patienceMs = 2000;

/** `host`: the address of this machine where it listens. */
export const openBrowserOrigin = async (host = "127.0.0.1"): Promise<BrowserOrigin> => {
  const acks = new Map<string, () => void>();
  const lockSteps = new Map<string, PromiseWithResolvers<LockStep>>();
  const open = new Map<string, Response>();
  const arrivals = new Map<string, PromiseWithResolvers<void>>();
  const departures = new Map<string, PromiseWithResolvers<"stream" | "connection">>();
  const resumed: (string | null)[] = [];
  const once = { requests: 0 };
  const flows = createFlows();
  const away = new Set<string>();
  const lockStepFor = (id: string) => entryOf(lockSteps, id, () => Promise.withResolvers<LockStep>());
  const departureOf = (id: string) => entryOf(departures, id, () => Promise.withResolvers<"stream" | "connection">());
  const arrivalOf = (id: string) => entryOf(arrivals, id, () => Promise.withResolvers<void>());

  const routes: Record<string, (request: Request, response: Response, query: URLSearchParams) => void> = {
    "/page": (_, response) => answer(response, "text/html; charset=utf-8", "<!doctype html><title>page</title>"),
    "/ack": (_, response, query) => {
      acks.get(`${query.get("id")}.${query.get("record")}`)?.();
      response.writeHead(204).end();
    },
    "/stream": (_, response, query) => {
      const id = query.get("id") ?? "";
      const acked = (record: number): Promise<boolean> =>
        new Promise((resolve) => {
          const timer = setTimeout(() => resolve(false), patienceMs);
          acks.set(`${id}.${record}`, () => {
            clearTimeout(timer);
            resolve(true);
          });
        });
      void inLockStep(response, query, acked).then(lockStepFor(id).resolve);
    },
    "/held": (request, response, query) => {
      const id = query.get("id") ?? "";
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write("data: open\n\n");
      open.set(id, response);
      const connection = "stream" in request ? request.stream.session : request.socket;
      response.once("close", () => {
        open.delete(id);
        departureOf(id).resolve(connection?.destroyed === false ? "stream" : "connection");
      });
      arrivalOf(id).resolve();
    },
    // Two events and a cut for each connection; from the third on 204, which ends an EventSource (WHATWG HTML §9.2.3).
    "/resumed": (request, response) => {
      const last = request.headers["last-event-id"];
      resumed.push(typeof last === "string" ? last : null);
      if (resumed.length > 2) return void response.writeHead(204).end();
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      const next = Number(last ?? 0) + 1;
      // The comment and the split inside a character are no events of their own.
      response.write(`retry: 50\n: a comment\nid: ${next}\ndata: one\n\nid: ${next + 1}\ndata: caf`);
      response.write(Buffer.from([0xc3]), () => response.write(Buffer.from([0xa9]), () => response.end("\n\nid: 99\ndata: unfinished\n")));
    },
    // An event, and then what a proxy answers while its application restarts.
    "/once": (_, response) => {
      once.requests += 1;
      if (once.requests > 1) return void response.writeHead(502).end();
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.end("retry: 50\nid: 1\ndata: one\n\n");
    },
    "/flowing": flows.answer,
    // An event, and then no answer at all: the proxy has to say something itself.
    "/away": (request, response, query) => {
      const id = query.get("id") ?? "";
      if (away.has(id)) return void request.socket.destroy();
      away.add(id);
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.end("retry: 50\nid: 1\ndata: one\n\n");
    },
  };
  const handle = (request: Request, response: Response): void => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://origin");
    const route = routes[pathname];
    if (route) route(request, response, searchParams);
    else response.writeHead(404).end();
  };
  const plain = createServer(handle);
  const secure = createSecureServer(selfSigned("localhost"), (request, response) => handle(request, response as unknown as Response));
  const [port, securePort] = [await listening(plain, host), await listening(secure, host)];
  return {
    http1: `http://${host}:${port}`,
    http2: `https://${host}:${securePort}`,
    address: { host, port },
    lockStepOf: (id) => lockStepFor(id).promise,
    held: () => [...open.keys()],
    count: (ids, number) =>
      new Promise((resolve) => {
        let arrived = 0;
        for (const id of ids) void arrivalOf(id).promise.then(() => (arrived += 1) === number && resolve());
      }),
    left: (id) => departureOf(id).promise,
    end: (id) => void open.get(id)?.end(),
    resumed,
    once,
    flow: flows.of,
    [Symbol.asyncDispose]: async () => {
      for (const response of open.values()) response.end();
      plain.closeAllConnections();
      await Promise.all([closed(plain), closed(secure)]);
    },
  };
};

const inLockStep = async (response: Response, query: URLSearchParams, acked: (record: number) => Promise<boolean>): Promise<LockStep> => {
  const records = Number(query.get("records") ?? 8);
  const body = bodyOf(response, { format: query.get("format") as Format, coding: (query.get("coding") ?? "none") as Coding, records });
  let seen = 0;
  for (let record = 0; record < records; record++) {
    const arrival = acked(record);
    body.write(record);
    if (await arrival) seen += 1;
  }
  body.end();
  return { seen, records };
};

const answer = (response: Response, type: string, text: string): void => {
  response.writeHead(200, { "content-type": type, "cache-control": "no-store" });
  response.end(text);
};

const entryOf = <T>(map: Map<string, T>, key: string, make: () => T): T => {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
};

const listening = (server: Server, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });

const closed = (server: Server): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));
