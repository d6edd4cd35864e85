// One request on one connection, and what is read of its response, within bounds of time and bytes.
import { once } from "node:events";
import { connectPlain, CutByFrame } from "../lab/client-connection.ts";
import type { ClientConnection, Sign } from "../lab/client-connection.ts";
import { connectEncrypted } from "../lab/client-encrypted.ts";
import { notConnected, notInTime, ProbeFailure } from "./failure.ts";
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
}

/** Time for the connection, TLS included. */
const connectWithinMs = 10_000;
/** How long stray bytes may take to arrive after a complete response. */
const lingerMs = 50;

const connectTo = ({ url, isInsecure }: ProbeRequest, { http }: Variation): ClientConnection => {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const isTls = url.protocol === "https:";
  const port = url.port === "" ? (isTls ? 443 : 80) : Number(url.port);
  if (!isTls) return connectPlain({ host, port });
  return connectEncrypted({ host, port }, { serverName: host, alpn: http === "2" ? "h2" : "http/1.1", isVerified: !isInsecure });
};

export const exchange = async (request: ProbeRequest, variation: Variation, bounds: Bounds): Promise<Observed> => {
  using stalls = watchStalls();
  const startedAt = performance.now();
  const connection = connectTo(request, variation);
  await connected(connection, request.url, bounds);
  try {
    if (variation.http === "2" && connection.isHttp2 !== true)
      throw new ProbeFailure("no-http2", `${request.url.host} does not offer HTTP/2`);
    const sentAt = performance.now();
    const { recorder, end } = await responseOn(connection, request, { variation, bounds, sentAt });
    const known = { variation, connectMs: sentAt - startedAt, end, stalls: stalls.since(sentAt) };
    return await recorder.observed(known, bounds.maxBytes);
  } finally {
    if (bounds.keepsConnectionMs === undefined) connection.leave();
    else connection.cancel();
    // What it says on leaving is of no interest any more.
    setTimeout(() => connection.destroy(), bounds.keepsConnectionMs ?? lingerMs).unref();
  }
};

const connected = async (connection: ClientConnection, url: URL, { forMs, signal }: Bounds): Promise<void> => {
  const withinMs = Math.ceil(Math.min(forMs, connectWithinMs));
  const over = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  // Later errors have a listener of their own; without one, an error would end the process.
  connection.on("error", () => {});
  try {
    await once(connection as never, "connect", { signal: over });
  } catch (error) {
    connection.destroy();
    if (signal.aborted) throw new ProbeFailure("interrupted", "interrupted", { cause: error });
    throw over.aborted ? notInTime(url, withinMs / 1000) : notConnected(url, error as NodeJS.ErrnoException);
  }
};

interface Sending {
  variation: Variation;
  bounds: Bounds;
  sentAt: number;
}

const responseOn = (
  connection: ClientConnection,
  request: ProbeRequest,
  { variation, bounds, sentAt }: Sending,
): Promise<{ recorder: ResponseRecorder; end: End }> => {
  const { promise, resolve } = Promise.withResolvers<{ recorder: ResponseRecorder; end: End }>();
  const now = (): number => performance.now() - sentAt;
  const recorder = new ResponseRecorder({
    method: request.method,
    isHttp2: connection.isHttp2 === true,
    onHead: (head) => {
      if (bounds.isEnough?.(head) === true) finish({ how: "open", because: "time", atMs: now() });
    },
  });
  const timer = setTimeout(() => finish({ how: "open", because: "time", atMs: now() }), bounds.forMs);
  const interrupted = (): void => finish({ how: "open", because: "interrupted", atMs: now() });
  const finish = (end: End): void => {
    clearTimeout(timer);
    bounds.signal.removeEventListener("abort", interrupted);
    resolve({ recorder, end });
  };
  const cut = (sign: string): void => finish(recorder.end ? { ...recorder.end, atMs: now() } : { how: "cut", sign, atMs: now() });
  bounds.signal.addEventListener("abort", interrupted);
  if (bounds.signal.aborted) interrupted();
  connection.on("data", (bytes: Buffer) => {
    const atMs = now();
    const hadEnded = recorder.end !== null;
    recorder.read(atMs, bytes);
    bounds.onRead?.(recorder.pieces);
    if (recorder.end?.how === "malformed") finish({ ...recorder.end, atMs });
    else if (recorder.end !== null && !hadEnded) setTimeout(finish, lingerMs, { ...recorder.end, atMs });
    else if (recorder.wireBytes > bounds.maxBytes) finish({ how: "open", because: "bytes", atMs });
  });
  connection.on("end", (sign) => {
    const isVisible = sign?.closeNotify !== false;
    if (recorder.close() && isVisible) finish({ ...(recorder.end ?? { how: "closed" }), atMs: now() });
    else cut(isVisible ? wordsOf(sign) : "FIN without close_notify");
  });
  connection.on("error", (error) => cut(error instanceof CutByFrame ? error.message : "RST"));
  connection.on("close", () => cut("FIN"));
  connection.send(messageOf(request, variation));
  return promise;
};

const wordsOf = (sign: Sign | undefined): string => (sign?.http2 ? `${sign.http2.frame}(${sign.http2.code})` : "FIN");
