// A probe between two middlewares: a connect middleware that patches the response, as middlewares do. The side nearer the handler calls the
// probe, and the probe calls the side nearer the client:
//
//   handler ──▶ #0 ──▶ middleware 0 ──▶ #1 ──▶ middleware 1 ──▶ node:http ──▶ client
import type { IncomingMessage, ServerResponse } from "node:http";
import type { ConnectMiddleware } from "../define.ts";
import { queryParameter, readRequestId, requestHeader } from "../model/request-id.ts";
import type { RequestId } from "../model/request-id.ts";
import type { ProbeStore, Sighting } from "./probe-store.ts";

export const probe =
  (place: string, store: ProbeStore): ConnectMiddleware =>
  (request, response, next) => {
    const id = requestIdOf(request);
    if (id !== null) watch(response, store.open(place, id));
    next();
  };

const requestIdOf = ({ headers, url }: IncomingMessage): RequestId | null => {
  const header = headers[requestHeader];
  const mark = typeof header === "string" ? header : new URLSearchParams(url?.split("?")[1]).get(queryParameter);
  return mark === null ? null : readRequestId(mark);
};

type Arguments = readonly unknown[];

const watch = (response: ServerResponse, seen: Sighting): void => {
  const { writeHead, flushHeaders, write, end, destroy } = response;
  let implicit = false;
  let passing: unknown = null;

  /** The header section leaves: node:http holds it until a flush, the first byte or the end. */
  const push = (): void => {
    implicit ||= seen.status === null;
    if (seen.status === null) seen.section(response.statusCode, fieldsOf(response));
    seen.push();
  };

  response.writeHead = function (this: ServerResponse, ...args: Arguments) {
    // An implicit header section comes back through all patches, changed by middlewares nearer the client. Here only the changes between the
    // handler and this place count.
    const fromAbove = response.writeHead !== patched;
    if (seen.status === null || (implicit && fromAbove)) seen.section(Number(args[0]), fieldsOf(this, args));
    return Reflect.apply(writeHead, this, args);
  } as typeof writeHead;
  const patched = response.writeHead;

  response.flushHeaders = function (this: ServerResponse) {
    push();
    Reflect.apply(flushHeaders, this, []);
  };

  /** A middleware may split `end(data)` into `write(data)` and `end()`: then the same data arrives here again. */
  const pass = (self: ServerResponse, method: unknown, args: Arguments): unknown => {
    push();
    const [data, encoding] = args;
    if (passing === null || data !== passing) seen.data(data, encoding);
    if (method === end) seen.close("end");
    const before = passing;
    passing = data;
    try {
      return Reflect.apply(method as typeof write, self, args);
    } finally {
      passing = before;
    }
  };

  response.write = function (this: ServerResponse, ...args: Arguments) {
    return pass(this, write, args);
  } as typeof write;

  response.end = function (this: ServerResponse, ...args: Arguments) {
    return pass(this, end, args);
  } as typeof end;

  response.destroy = function (this: ServerResponse, ...args: Arguments) {
    seen.close("destroy");
    return Reflect.apply(destroy, this, args);
  } as typeof destroy;

  response.once("close", () => seen.close("close"));
};

/** The header section at this place: the fields that were set, and those of `writeHead`. */
const fieldsOf = (response: ServerResponse, args: Arguments = []): [name: string, value: string][] => {
  const given = args.find((arg, index) => index > 0 && typeof arg === "object" && arg !== null);
  const brought = Array.isArray(given) ? pairsOf(given) : Object.entries((given as Record<string, unknown>) ?? {});
  const names = new Set(brought.map(([name]) => name.toLowerCase()));
  const set: [string, unknown][] = Object.entries(response.getHeaders()).filter(([name]) => !names.has(name));
  const all = [...set, ...brought];
  return all.flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((each): [string, string] => [name, String(each)]));
};

/** `writeHead` takes `[[name, value], …]` and `[name, value, …]`. */
const pairsOf = (list: unknown[]): [string, unknown][] =>
  Array.isArray(list[0])
    ? list.map((entry) => [String((entry as unknown[])[0]), (entry as unknown[])[1]])
    : list.flatMap((name, at): [string, unknown][] => (at % 2 === 0 ? [[String(name), list[at + 1]]] : []));
