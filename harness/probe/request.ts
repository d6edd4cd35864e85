// What a probe asks for, and how often: one request per variation. Pure.
import { randomBytes } from "node:crypto";
import type { RequestToSend } from "../lab/client-connection.ts";
import type { HeaderList } from "../model/script.ts";
import { version } from "../version.ts";
import type { Variation } from "./judge/observation.ts";

export interface ProbeRequest {
  url: URL;
  method: string;
  headers: HeaderList;
  body: string | null;
  /** Certificates are not verified. */
  isInsecure: boolean;
}

export interface Choice {
  /** Absent: HTTP/1.1, and HTTP/2 over TLS, and HTTP/3 where something here speaks it. */
  http?: Variation["http"];
  hasHttp3?: boolean;
  /** One request only. */
  isOnce: boolean;
}

/** What browsers send. */
const browserCodings = "gzip, deflate, br, zstd";

const mostConnections = 4;

const isField =
  (wanted: string) =>
  ([name]: HeaderList[number]) =>
    name.toLowerCase() === wanted;

/** At most `mostConnections`, and one of HTTP/3, which asks without Accept-Encoding. An Accept-Encoding field of one's own is the only one that is sent. */
export const variationsOf = (
  { url, headers }: Pick<ProbeRequest, "url" | "headers">,
  { http, isOnce, hasHttp3 = false }: Choice,
): Variation[] => {
  const own = headers.find(isField("accept-encoding"))?.[1];
  const codings = own === undefined ? [null, browserCodings] : [own];
  const versions: Variation["http"][] = http ? [http] : url.protocol === "https:" ? ["2", "1.1"] : ["1.1"];
  const all = versions.flatMap((one) => codings.map((acceptEncoding): Variation => ({ http: one, acceptEncoding })));
  const isAlsoHttp3 = hasHttp3 && !http && !isOnce && url.protocol === "https:";
  return [...all.slice(0, isOnce ? 1 : mostConnections), ...(isAlsoHttp3 ? [{ http: "3", acceptEncoding: own ?? null } as const] : [])];
};

/** What an EventSource, an MCP client and a script each ask for. */
const accept = "text/event-stream, application/x-ndjson, application/json, */*;q=0.8";

/** Marks the request, so that an operator finds it in logs and `hopwise origin` knows it again. */
export const probeHeader = "hopwise-probe";

export const messageOf = ({ url, method, headers, body }: ProbeRequest, { acceptEncoding }: Variation): RequestToSend => {
  const own: HeaderList = [
    ["Host", url.host],
    ["User-Agent", `hopwise-probe/${version}`],
    ["Accept", accept],
    ...(acceptEncoding === null ? [] : ([["Accept-Encoding", acceptEncoding]] satisfies HeaderList)),
    ...(body === null ? [] : ([["Content-Type", typeOf(body)]] satisfies HeaderList)),
    ...(body === null ? [] : ([["Content-Length", String(Buffer.byteLength(body))]] satisfies HeaderList)),
    [probeHeader, randomBytes(6).toString("hex")],
  ];
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  return {
    method,
    target: `${url.pathname}${url.search}`,
    version: "1.1",
    headers: [...own.filter(([name]) => !given.has(name.toLowerCase())), ...headers],
    ...(body === null ? {} : { content: body }),
  };
};

const typeOf = (body: string): string => {
  try {
    JSON.parse(body);
    return "application/json";
  } catch {
    return "text/plain; charset=utf-8";
  }
};
