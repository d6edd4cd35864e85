// One request on one connection, and what is read of its response, within bounds of time and bytes.
import { CutByFrame } from "../lab/client-connection.ts";
import type { Sign } from "../lab/client-connection.ts";
import { connected, disconnect } from "./connect.ts";
import type { Connected } from "./connect.ts";
import { ProbeFailure } from "./failure.ts";
import { CutOverHttp3, TimeOver } from "./http3-client.ts";
import type { ConnectHttp3 } from "./http3-client.ts";
import type { End, Head, Observed, Variation } from "./judge/observation.ts";
import { ResponseRecorder } from "./recorder.ts";
import { messageOf } from "./request.ts";
import type { ProbeRequest } from "./request.ts";
import { watchStalls } from "./stalls.ts";

export interface Bounds {
  forMs: number;
  maxBytes: number;
  signal: AbortSignal;
  /** How many pieces of content there are. */
  onRead?: (pieces: number) => void;
  /** Whether the response is of no interest, e.g. because it leads elsewhere. */
  isEnough?: (head: Head) => boolean;
  /** Over HTTP/2, cancels the stream and keeps the connection for so long, as browsers do. Absent: closes the connection. */
  keepsConnectionMs?: number;
  /** Absent: nothing here asks over HTTP/3. */
  connectHttp3?: ConnectHttp3;
}

/** How long stray bytes may take to arrive after a complete response. */
const lingerMs = 50;

export const exchange = async (request: ProbeRequest, variation: Variation, bounds: Bounds): Promise<Observed> => {
  using stalls = watchStalls();
  const startedAt = performance.now();
  const connection = await connected(request, variation, bounds);
  const sentAt = performance.now();
  const { recorder, end } = await askedOn(connection, request, { variation, bounds, sentAt });
  const known = { variation, connectMs: sentAt - startedAt, end, stalls: stalls.since(sentAt) };
  return recorder.observed(known, bounds.maxBytes);
};

interface Sending {
  variation: Variation;
  bounds: Bounds;
  sentAt: number;
}

interface Response {
  recorder: ResponseRecorder;
  end: End;
}

const askedOn = async (connection: Connected, request: ProbeRequest, sending: Sending): Promise<Response> => {
  try {
    if (sending.variation.http === "2" && connection.connection.isHttp2 !== true)
      throw new ProbeFailure("no-http2", `${request.url.host} does not offer HTTP/2`);
    return await responseOn(connection, request, sending);
  } finally {
    disconnect(connection, sending.bounds.keepsConnectionMs);
  }
};

const responseOn = ({ connection }: Connected, request: ProbeRequest, { variation, bounds, sentAt }: Sending): Promise<Response> => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const now = (): number => performance.now() - sentAt;
  /** What the bytes say about the end goes before how the connection ended. */
  let ended: End | null = null;
  let isOver = false;
  const finish = (end: End): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    bounds.signal.removeEventListener("abort", interrupted);
    resolve({ recorder, end: ended ?? end });
  };
  const leave = (because: "time" | "bytes" | "interrupted"): void => finish({ how: "open", because, atMs: now() });
  const interrupted = (): void => leave("interrupted");
  const timer = setTimeout(() => leave("time"), bounds.forMs);
  const recorder = new ResponseRecorder({
    method: request.method,
    multiplexed: connection.isHttp2 === true ? "2" : variation.http === "3" ? "3" : null,
    onHead: (head) => bounds.isEnough?.(head) === true && leave("time"),
  });
  bounds.signal.addEventListener("abort", interrupted);
  if (bounds.signal.aborted) interrupted();
  connection.on("data", (bytes: Buffer) => {
    if (isOver) return;
    const atMs = now();
    recorder.read(atMs, bytes);
    bounds.onRead?.(recorder.pieces);
    if (recorder.wireBytes > bounds.maxBytes) leave("bytes");
    if (recorder.end === null || ended !== null) return;
    ended = { ...recorder.end, atMs };
    setTimeout(finish, lingerMs, ended);
  });
  connection.on("end", (sign) => {
    const isVisible = sign?.closeNotify !== false;
    const isLegal = recorder.close() && isVisible;
    if (isLegal && recorder.end !== null) finish({ ...recorder.end, atMs: now() });
    else finish({ how: "cut", sign: isVisible ? wordsOf(sign) : "FIN without close_notify", atMs: now() });
  });
  connection.on("error", (error) => (error instanceof TimeOver ? leave("time") : finish({ how: "cut", sign: signOf(error), atMs: now() })));
  connection.on("close", () => finish({ how: "cut", sign: "FIN", atMs: now() }));
  connection.send(messageOf(request, variation));
  return promise;
};

const signOf = (error: Error): string => (error instanceof CutByFrame || error instanceof CutOverHttp3 ? error.message : "RST");

const wordsOf = (sign: Sign | undefined): string => (sign?.http2 ? `${sign.http2.frame}(${sign.http2.code})` : "FIN");
