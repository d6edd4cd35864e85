// The connection of one request: plain TCP, TLS, or HTTP/2 over TLS, by the lab's clients.
import { once } from "node:events";
import { connectPlain } from "../lab/client-connection.ts";
import type { ClientConnection } from "../lab/client-connection.ts";
import { connectEncrypted } from "../lab/client-encrypted.ts";
import { notConnected, notInTime, ProbeFailure } from "./failure.ts";
import { CutOverHttp3, noHttp3Client } from "./http3-client.ts";
import type { ConnectHttp3 } from "./http3-client.ts";
import type { Variation } from "./judge/observation.ts";
import { messageOf } from "./request.ts";
import type { ProbeRequest } from "./request.ts";

/** TLS included. */
const connectWithinMs = 10_000;
/** How long its own goodbye may take. */
const farewellMs = 500;

const connectTo = (request: ProbeRequest, variation: Variation, { forMs, connectHttp3 }: Bounded): ClientConnection => {
  const { url, isInsecure } = request;
  const { http } = variation;
  if (http === "3") {
    if (!connectHttp3) throw new ProbeFailure("unreachable", noHttp3Client);
    return connectHttp3({ url, request: messageOf(request, variation), isInsecure, forMs, connectWithinMs: withinMsOf(forMs) });
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const isTls = url.protocol === "https:";
  const port = url.port === "" ? (isTls ? 443 : 80) : Number(url.port);
  if (!isTls) return connectPlain({ host, port });
  return connectEncrypted({ host, port }, { serverName: host, alpn: http === "2" ? "h2" : "http/1.1", isVerified: !isInsecure });
};

interface Bounded {
  forMs: number;
  signal: AbortSignal;
  connectHttp3?: ConnectHttp3;
}

const withinMsOf = (forMs: number): number => Math.ceil(Math.min(forMs, connectWithinMs));

export interface Connected {
  connection: ClientConnection;
  /** Whether the other side has closed it, or it failed. */
  isGone: () => boolean;
}

export const connected = async (request: ProbeRequest, variation: Variation, bounds: Bounded): Promise<Connected> => {
  const { signal } = bounds;
  const { url } = request;
  const connection = connectTo(request, variation, bounds);
  const withinMs = withinMsOf(bounds.forMs);
  const over = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  // Later errors have a listener of their own; without one, an error would end the process.
  let gone = false;
  for (const event of ["error", "close", "end"] as const) connection.on(event, () => (gone = true));
  try {
    await once(connection as never, "connect", { signal: over });
  } catch (error) {
    connection.destroy();
    if (signal.aborted) throw new ProbeFailure("interrupted", "interrupted", { cause: error });
    if (error instanceof CutOverHttp3)
      throw new ProbeFailure("unreachable", `${url.host} cannot be asked over HTTP/3 (${error.message})`, { cause: error });
    throw over.aborted ? notInTime(url, withinMs / 1000) : notConnected(url, error as NodeJS.ErrnoException);
  }
  return { connection, isGone: () => gone };
};

/** One that the other side has closed is only destroyed: a goodbye has no reader. */
export const disconnect = ({ connection, isGone }: Connected, keepsConnectionMs: number | undefined): void => {
  if (isGone()) return connection.destroy();
  if (keepsConnectionMs === undefined) connection.leave();
  else connection.cancel();
  // What it says on leaving is of no interest any more.
  setTimeout(() => isGone() || connection.destroy(), keepsConnectionMs ?? farewellMs).unref();
};
