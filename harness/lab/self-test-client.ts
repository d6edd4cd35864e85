// Proves that the lab's TLS and HTTP/2 clients distinguish truncated responses from complete ones. Each case runs several times, with a server
// that sends exactly these bytes.
import { createServer as createPlain, type Socket } from "node:net";
import { createServer as createTls } from "node:tls";
import { isMultiplexed } from "../model/script.ts";
import type { ClientPlan, ClientProtocol } from "../model/script.ts";
import { alpnOf } from "./client-encrypted.ts";
import { selfSigned } from "./certificate.ts";
import { Client } from "./client.ts";
import { FrameReader, frameTypes } from "../decode/http2-frames.ts";
import { listening, portOf } from "./tap.ts";
import { Latch, wait } from "./wait.ts";
import { body, cases, settings } from "./self-test-cases.ts";
import type { Case } from "./self-test-cases.ts";
import { usualHost } from "../model/usual-host.ts";

const host = `self-test.${usualHost}`;

const tries = 4;
const withinMs = 5000;
export const selfTestClient = async (): Promise<string[]> => {
  const identity = selfSigned(host);
  const faults = await Promise.all(cases.map((one) => faultsOf(one, identity)));
  return faults.flat();
};

const faultsOf = async (one: Case, identity: { key: string; cert: string }): Promise<string[]> => {
  const { protocol } = one;
  const secureServer = createTls({ ...identity, ...(protocol === "h2c" ? {} : { ALPNProtocols: [alpnOf[protocol]] }) });
  secureServer.on("tlsClientError", () => {});
  const server = createPlain({ noDelay: true, allowHalfOpen: true }, (raw) => {
    raw.on("error", () => {});
    if (protocol === "h2c") return serve(one, raw, raw, received);
    secureServer.once("secureConnection", (secure) => serve(one, secure, raw, received));
    secureServer.emit("connection", raw);
  });
  await listening(server, { host: "127.0.0.1", port: 0 });
  const wrong = new Map<string, number>();
  let received = new Latch();
  // One after the other, so that each secure connection belongs to the raw one before it.
  for (let count = 0; count < tries; count++) {
    received = new Latch();
    const seen = await seenBy(protocol, portOf(server), received);
    if (seen !== one.expected) wrong.set(seen, (wrong.get(seen) ?? 0) + 1);
  }
  server.close();
  return Array.from(
    wrong,
    ([seen, count]) => `Of ${tries} ${one.name}, the lab's client saw ${count} as ${seen} instead of ${one.expected}`,
  );
};

/** `upper`: TLS on the connection, or the connection itself. `received`: the client has the body. */
const serve = ({ protocol, answer, closing }: Case, upper: Socket, raw: Socket, received: Latch): void => {
  upper.on("error", () => {});
  const reply = (): void => {
    upper.write(Buffer.concat(answer), () => {
      if (closing === "close_notify") upper.end();
      else if (closing === "fin") raw.end();
      // A reset discards unread bytes, which another test covers.
      else if (closing === "reset") received.signal(() => void raw.resetAndDestroy());
    });
  };
  if (!isMultiplexed(protocol)) {
    upper.once("data", reply);
    return;
  }
  upper.write(settings);
  const reader = new FrameReader(({ type }) => void (type === frameTypes.headers && reply()), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length);
  upper.on("data", (bytes: Buffer) => reader.push(bytes));
};

const seenBy = async (protocol: ClientProtocol, port: number, received: Latch): Promise<string> => {
  const client = new Client({
    plan: planOf(protocol),
    client: 0,
    token: "selftest",
    script: {
      status: 200,
      headers: [],
      contentType: null,
      framing: "chunked",
      version: "1.1",
      body: { format: "binary", filler: "compressible", recordBytes: [body.length] },
      trailers: [],
      steps: [],
    },
    target: { host: "127.0.0.1", port },
    keepBytes: 4096,
  });
  await wait(withinMs, client.ended.signal, client.held.reaches(1));
  received.trip();
  await wait(withinMs, client.ended.signal);
  const { ended, recordsAt } = await client.recording();
  const own = await client.ownRecording(0);
  client.destroy();
  if (recordsAt.length === 0) return "loss of data";
  if (ended === null || ended.how === "complete") return ended?.how ?? "nothing";
  const closing = own?.closings.find(({ by }) => by === "upstream");
  if (closing?.http2) return `${closing.http2.frame}(${closing.http2.code})`;
  return closing?.closeNotify === false ? `${ended.how}, no close_notify` : ended.how;
};

const planOf = (protocol: ClientProtocol): ClientPlan => ({
  start: { afterMs: 0 },
  target: "/",
  host,
  protocol,
  version: "1.1",
  method: "GET",
  acceptEncoding: null,
  headers: [],
  readBytesPerSecond: null,
  leave: null,
  patienceMs: withinMs,
});
