// A client over TLS and over HTTP/2, with and without TLS: the same results as over plain TCP.
import { createServer as createHttps } from "node:https";
import { createSecureServer, createServer as createHttp2 } from "node:http2";
import type { ServerResponse } from "node:http";
import type { AddressInfo, Server } from "node:net";
import type { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { Client } from "../../../harness/lab/client.ts";
import { responseParser } from "../../../harness/decode/http1.ts";
import { wait } from "../../../harness/lab/wait.ts";
import { isMultiplexed } from "../../../harness/model/script.ts";
import type { ClientPlan } from "../../../harness/model/script.ts";
import { pem } from "./_certificate.ts";
import { caseOf, only, repeat } from "./_lab.ts";

/** Common to both kinds of response. */
type Response = Pick<ServerResponse, "write" | "end" | "once" | "writeHead" | "socket">;
type Answer = (response: Response, request: { headers: Record<string, unknown>; url?: string | undefined }) => void;

const servers = {
  "h1-tls": (answer: Answer): Server => createHttps({ key: pem, cert: pem }, (request, response) => answer(response, request)),
  h2: (answer: Answer): Server =>
    createSecureServer({ key: pem, cert: pem }, (request, response) => answer(response as unknown as Response, request)),
  h2c: (answer: Answer): Server => createHttp2((request, response) => answer(response as unknown as Response, request)),
};
type Tested = keyof typeof servers;

const attempt = async (protocol: Tested, answer: Answer, plan: Partial<ClientPlan> = {}) => {
  const server = servers[protocol](answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const { script, clients } = caseOf({
    steps: [],
    recordBytes: repeat(10, 4),
    clients: [{ protocol, host: "app.example", target: "/a?b=1", ...plan }],
  });
  const client = new Client({
    plan: only(clients),
    client: 0,
    token: "abcdefgh",
    script,
    target: { host: "127.0.0.1", port },
    keepBytes: 1e7,
  });
  await wait(null, client.closed.signal);
  server.close();
  const [recording, own] = [await client.recording(), await client.ownRecording(1)];
  const events = responseParser({ method: "GET" }).push(recording.response.bytes);
  return { recording, own, events };
};

const stream: Answer = (response) => {
  response.writeHead(200, { "content-type": "text/plain" });
  let left = 4;
  const timer = setInterval(() => {
    response.write("x".repeat(10));
    if (--left > 0) return;
    clearInterval(timer);
    response.end();
  }, 30);
};

describe.each<Tested>(["h1-tls", "h2", "h2c"])("a client that speaks %s", (protocol) => {
  test("sends its server name, and marks each record at its arrival", async () => {
    let asked: { headers: Record<string, unknown>; url?: string | undefined } | null = null;
    const { recording, own } = await attempt(protocol, (response, request) => {
      asked = request;
      stream(response, request);
    });
    expect(recording.ended?.how).toBe("complete");
    expect(recording.recordsAt).toHaveLength(4);
    for (let index = 1; index < 4; index++)
      expect((recording.recordsAt[index] ?? 0) - (recording.recordsAt[index - 1] ?? 0)).toBeGreaterThan(10);
    const { headers, url } = asked as unknown as { headers: Record<string, unknown>; url: string };
    expect(url).toBe("/a?b=1&hopwise=abcdefgh");
    expect(headers[isMultiplexed(protocol) ? ":authority" : "host"]).toBe("app.example");
    expect(headers["hopwise-request"]).toBe("abcdefgh.0");
    expect(own).toMatchObject({ tap: 1, closings: [] });
    expect(Buffer.from(own?.request.bytes ?? []).toString()).toContain("GET /a?b=1&hopwise=abcdefgh HTTP/1.1\r\nHost: app.example\r\n");
  });

  test("distinguishes a truncated response from a complete one", async () => {
    const { recording, own, events } = await attempt(protocol, (response) => {
      response.writeHead(200);
      response.write("x".repeat(10), () => {
        const socket = "stream" in response ? (response.stream as Duplex) : response.socket;
        setTimeout(() => socket?.destroy(new Error("as planned")), 30);
      });
    });
    expect(recording.ended?.how).toBe(isMultiplexed(protocol) ? "reset" : "fin");
    expect(events.some(({ kind }) => kind === "end")).toBe(false);
    expect(own?.closings).toMatchObject([{ by: "upstream", how: isMultiplexed(protocol) ? "reset" : "fin" }]);
  });

  test.each(["fin", "reset"] as const)("leaves by %s, and the server learns of it", async (how) => {
    const gone = Promise.withResolvers<void>();
    const { recording, own } = await attempt(
      protocol,
      (response) => {
        response.writeHead(200);
        response.write("x".repeat(10));
        response.once("close", gone.resolve);
      },
      { leave: { how, records: 1, afterMs: 0 } },
    );
    await gone.promise;
    expect(recording.ended?.how).toBe("left");
    expect(own?.closings).toMatchObject([{ by: "downstream", how }]);
  });

  test("is refused if nothing listens", async () => {
    const server = servers["h1-tls"](stream);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { script, clients } = caseOf({ steps: [], recordBytes: repeat(10, 4), clients: [{ protocol }] });
    const client = new Client({ plan: only(clients), client: 0, token: "a", script, target: { host: "127.0.0.1", port }, keepBytes: 1e6 });
    await wait(null, client.closed.signal);
    expect((await client.recording()).ended?.how).toBe("refused");
  });
});

test("a close-delimited response is complete, and the recording has who closed it", async () => {
  const { recording, own } = await attempt("h1-tls", (response) => response.socket?.end(`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(40)}`));
  expect(recording.ended?.how).toBe("complete");
  expect(recording.recordsAt).toHaveLength(4);
  expect(own?.closings).toMatchObject([{ by: "upstream", how: "fin" }]);
});
