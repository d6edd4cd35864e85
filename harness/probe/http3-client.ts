// What a probe needs to ask over HTTP/3: someone else starts a program that speaks it.
import type { ClientConnection, RequestToSend } from "../lab/client-connection.ts";

export interface Http3Asked {
  url: URL;
  request: RequestToSend;
  isInsecure: boolean;
  /** How long the response is watched. */
  forMs: number;
  connectWithinMs: number;
}

/** Sends the request as soon as it is connected; what it delivers looks like HTTP/1.1, as of every connection. */
export type ConnectHttp3 = (asked: Http3Asked) => ClientConnection;

/** The response ended before its end. The message says how. */
export class CutOverHttp3 extends Error {}

/** The client itself has ended, since it was to watch no longer. */
export class TimeOver extends Error {}

export const noHttp3Client =
  "no HTTP/3 client: put a curl on the PATH that has HTTP3 among the features of curl --version (Debian 13 and later: apt-get install curl)";
