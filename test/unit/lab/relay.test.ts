// Relays: what a server says by another protocol reaches the tap as HTTP/1.1, and the response comes back as it arrives.
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { afterEach, expect, it } from "vitest";
import { selfSigned } from "../../../harness/lab/certificate.ts";
import type { RelayOrder } from "../../../harness/lab/protocol.ts";
import { openRelay } from "../../../harness/lab/relay/relay.ts";
import type { Relay } from "../../../harness/lab/relay/relay.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Application {
  port: number;
  seen: { method: string; url: string; headers: IncomingMessage["headers"]; content: string }[];
  responses: ServerResponse[];
}

/** Sends a first record, and leaves the rest to the test. */
const application = async (): Promise<Application> => {
  const seen: Application["seen"] = [];
  const responses: ServerResponse[] = [];
  const server: Server = createServer((request, response) => {
    let content = "";
    request.on("data", (bytes: Buffer) => (content += bytes.toString()));
    request.on("end", () => {
      seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers, content });
      responses.push(response);
      response.writeHead(200, { "Content-Type": "text/event-stream", "X-Mark": "1" });
      response.write("first\n");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, seen, responses };
};

const relayTo = async ({ port }: Application, order: Partial<RelayOrder> & Pick<RelayOrder, "speaks">): Promise<Relay> => {
  const relay = await openRelay({ listen: { host: "127.0.0.1", port: 0 }, target: { host: "127.0.0.1", port }, ...order });
  closing.push(relay.close);
  return relay;
};

/** What has arrived, once it has what is waited for. */
const reading = (socket: Socket): { until: (text: string) => Promise<string>; ended: Promise<string> } => {
  let text = "";
  socket.on("data", (bytes: Buffer) => (text += bytes.toString("latin1")));
  socket.on("error", () => {});
  const ended = new Promise<string>((resolve) => {
    socket.on("end", () => resolve("end"));
    socket.on("close", (hadError: boolean) => resolve(hadError ? "reset" : "end"));
  });
  const until = async (wanted: string): Promise<string> => {
    while (!text.includes(wanted)) await once(socket, "data");
    return text;
  };
  return { until, ended };
};

const variables: [string, string][] = [
  ["REQUEST_METHOD", "POST"],
  ["REQUEST_URI", "/x?hopwise=token"],
  ["CONTENT_LENGTH", "4"],
  ["CONTENT_TYPE", "text/plain"],
  ["HTTP_HOST", "app.example"],
  ["HTTP_HOPWISE_REQUEST", "token.0"],
];

const u16 = (value: number, little: boolean): Buffer => {
  const bytes = Buffer.alloc(2);
  if (little) bytes.writeUInt16LE(value);
  else bytes.writeUInt16BE(value);
  return bytes;
};
const sized = (text: string): Buffer => Buffer.concat([u16(text.length, true), Buffer.from(text)]);
const uwsgiRequest = (): Buffer => {
  const body = Buffer.concat(variables.flatMap(([name, value]) => [sized(name), sized(value)]));
  return Buffer.concat([Buffer.from([0]), u16(body.length, true), Buffer.from([0]), body, Buffer.from("body")]);
};
const scgiRequest = (): Buffer => {
  const text = variables.map(([name, value]) => `${name}\0${value}\0`).join("");
  return Buffer.from(`${text.length}:${text},body`);
};
const fastcgiRecord = (type: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([1, type, 0, 1]), u16(content.length, false), Buffer.from([3, 0]), content, Buffer.alloc(3)]);
const fastcgiRequest = (): Buffer =>
  Buffer.concat([
    fastcgiRecord(1, Buffer.from([0, 1, 0, 0, 0, 0, 0, 0])),
    fastcgiRecord(
      4,
      Buffer.concat(variables.map(([name, value]) => Buffer.concat([Buffer.from([name.length, value.length]), Buffer.from(name + value)]))),
    ),
    fastcgiRecord(4, Buffer.alloc(0)),
    fastcgiRecord(5, Buffer.from("body")),
    fastcgiRecord(5, Buffer.alloc(0)),
  ]);

const dialects: [RelayOrder["speaks"], () => Buffer, string][] = [
  ["uwsgi", uwsgiRequest, "HTTP/1.1 200 OK\r\n"],
  ["scgi", scgiRequest, "Status: 200 OK\r\n"],
  ["fastcgi", fastcgiRequest, "Status: 200 OK\r\n"],
];

it.each(dialects)("%s: byte by byte in, record by record out, and a whole end", async (speaks, requestOf, status) => {
  const app = await application();
  const { port } = await relayTo(app, { speaks });
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  const { until, ended } = reading(socket);
  for (const byte of requestOf()) socket.write(Buffer.from([byte]));
  const text = await until("first\n");
  expect(text).toContain(status);
  expect(text).toMatch(/x-mark: 1/i);
  expect(text).not.toMatch(/transfer-encoding/i);
  expect(app.seen).toMatchObject([
    { method: "POST", url: "/x?hopwise=token", content: "body", headers: { "hopwise-request": "token.0", host: "app.example" } },
  ]);
  app.responses[0]?.end("last\n");
  await until("last\n");
  expect(await ended).toBe("end");
  socket.destroy();
});

it.each(dialects)("%s: an application that breaks off is seen as a reset", async (speaks, requestOf) => {
  const app = await application();
  const { port } = await relayTo(app, { speaks });
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const { until, ended } = reading(socket);
  socket.write(requestOf());
  await until("first\n");
  app.responses[0]?.destroy();
  expect(await ended).toBe("reset");
});

it.each(dialects)("%s: a server that leaves is seen by the application", async (speaks, requestOf) => {
  const app = await application();
  const { port } = await relayTo(app, { speaks });
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  const { until } = reading(socket);
  socket.write(requestOf());
  await until("first\n");
  const gone = once(app.responses[0] as ServerResponse, "close");
  socket.destroy();
  await gone;
});

it("a socket: bytes pass unchanged in both directions", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hopwise-relay-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const app = await application();
  const path = join(folder, "app.sock");
  await relayTo(app, { speaks: "http", listen: { path } });
  const socket = connect({ path });
  const { until, ended } = reading(socket);
  socket.write("GET /y HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  await until("first\n");
  app.responses[0]?.end();
  expect(await until("0\r\n\r\n")).toContain("HTTP/1.1 200 OK");
  expect(await ended).toBe("end");
});

it("TLS: a client that verifies gets the certificate, and a reset is passed on", async () => {
  const app = await application();
  const { key, cert } = selfSigned("hopwise.test");
  const { port } = await relayTo(app, { speaks: "http", pem: `${key}${cert}` });
  const socket = connectTls({ port, host: "127.0.0.1", ca: cert, checkServerIdentity: () => undefined });
  const { until, ended } = reading(socket);
  socket.write("GET /z HTTP/1.1\r\nHost: a\r\n\r\n");
  await until("first\n");
  app.responses[0]?.destroy();
  expect(await ended).not.toBe("");
});

it("gRPC: each stream of HTTP/2 is a request, and a broken one is RST_STREAM", async () => {
  const app = await application();
  const { port } = await relayTo(app, { speaks: "grpc" });
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  closing.push(() => session.destroy());
  const stream = session.request({ ":path": "/g", "hopwise-request": "t.0" });
  stream.on("error", () => {});
  const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
  expect(headers).toMatchObject({ ":status": 200, "x-mark": "1" });
  const [first] = (await once(stream, "data")) as [Buffer];
  expect(first.toString()).toBe("first\n");
  const closed = new Promise((resolve) => stream.on("close", resolve));
  app.responses[0]?.destroy();
  await closed;
  expect(stream.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
  expect(app.seen).toMatchObject([{ method: "GET", url: "/g", headers: { "hopwise-request": "t.0" } }]);
});

it("gRPC: a server that leaves by FIN alone is seen by the application", async () => {
  const app = await application();
  const { port } = await relayTo(app, { speaks: "grpc" });
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  const session = connectHttp2(`http://127.0.0.1:${port}`, { createConnection: () => socket });
  session.on("error", () => {});
  closing.push(() => session.destroy());
  const stream = session.request({ ":path": "/g" });
  stream.on("error", () => {});
  await once(stream, "data");
  const gone = once(app.responses[0] as ServerResponse, "close");
  socket.end();
  await gone;
});
