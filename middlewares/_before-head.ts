import type { ServerResponse } from "node:http";

/** Calls `decide` once, just before the header section is sent, with all header fields set on the response. */
export const beforeHead = (response: ServerResponse, decide: () => void): void => {
  const { writeHead } = response;
  let decided = false;
  response.writeHead = function (this: ServerResponse, ...args: unknown[]) {
    if (decided) return Reflect.apply(writeHead, this, args);
    decided = true;
    takeOver(response, args);
    decide();
    return Reflect.apply(writeHead, this, [response.statusCode]);
  } as typeof writeHead;
};

/** `writeHead(status[, message][, headers])`; headers as an object, as `[[name, value], …]` or as `[name, value, …]`. */
const takeOver = (response: ServerResponse, [status, ...rest]: unknown[]): void => {
  response.statusCode = Number(status);
  if (typeof rest[0] === "string") response.statusMessage = rest[0];
  const headers = rest.find((arg) => typeof arg === "object" && arg !== null);
  const fields = Array.isArray(headers) ? pairsOf(headers) : Object.entries(headers ?? {});
  for (const [name] of fields) response.removeHeader(name);
  for (const [name, value] of fields) if (value !== undefined) response.appendHeader(name, value as string);
};

const pairsOf = (list: unknown[]): [name: string, value: unknown][] =>
  Array.isArray(list[0])
    ? (list as [string, unknown][])
    : list.flatMap((name, at): [string, unknown][] => (at % 2 === 0 ? [[String(name), list[at + 1]]] : []));
