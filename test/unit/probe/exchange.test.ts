// One request on a real socket: what the client sees of each kind of end, and the bounds that it keeps.
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import { createSecureServer } from "node:http2";
import type { ServerHttp2Stream } from "node:http2";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { exchange } from "../../../harness/probe/exchange.ts";
import type { Bounds } from "../../../harness/probe/exchange.ts";
import type { Observed, Variation } from "../../../harness/probe/judge/observation.ts";
import { judgeResponse } from "../../../harness/probe/judge/judge.ts";
import { leavingOf } from "../../../harness/probe/leaving.ts";
import { createOrigin } from "../../../harness/probe/origin/server.ts";
import { probe } from "../../../harness/probe/probe.ts";
import { followed } from "../../../harness/probe/redirects.ts";
import { pem } from "../lab/_certificate.ts";

const opened: { server: Server; sockets: Set<Socket> }[] = [];
afterEach(() => {
  for (const { server, sockets } of opened.splice(0)) {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
});

const listening = async (server: Server): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => void sockets.add(socket.on("error", () => {})));
  opened.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};

const request = (url: string) => ({ url: new URL(url), method: "GET", headers: [], body: null, isInsecure: true });
const bounds = (more: Partial<Bounds> = {}): Bounds => ({ forMs: 3000, maxBytes: 1e6, signal: new AbortController().signal, ...more });
const http11: Variation = { http: "1.1", acceptEncoding: null };
const http2: Variation = { http: "2", acceptEncoding: null };

const overTcp = async (act: (socket: Socket) => void, more?: Partial<Bounds>): Promise<Observed> => {
  const port = await listening(createTcpServer((socket) => void socket.once("data", () => act(socket))));
  return exchange(request(`http://127.0.0.1:${port}/`), http11, bounds(more));
};

const head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

describe("over HTTP/1.1", () => {
  it.for([
    ["complete", `${head}9\r\ndata: a\n\n\r\n0\r\n\r\n`, "end"],
    ["cut FIN", `${head}9\r\ndata: a\n\n\r\n`, "end"],
    ["cut RST", `${head}9\r\ndata: a\n\n\r\n`, "reset"],
    ["closed", "HTTP/1.1 200 OK\r\n\r\ndata: a\n\n", "end"],
    ["malformed", `${head}xyz\r\n`, "end"],
    ["cut FIN", "", "end"],
  ] as const)("%s", async ([seen, bytes, how]) => {
    const { end } = await overTcp((socket) => {
      socket.write(bytes, () => setTimeout(() => (how === "end" ? socket.end() : socket.resetAndDestroy()), 30));
    });
    expect(`${end.how}${end.how === "cut" ? ` ${end.sign}` : ""}`).toBe(seen);
  });

  it("counts stray bytes after the end", async () => {
    const { end, strayBytes } = await overTcp((socket) => void socket.write(`${head}0\r\n\r\nstray`));
    expect({ how: end.how, strayBytes }).toEqual({ how: "complete", strayBytes: 5 });
  });

  it("leaves when its time is over, when it has read enough, and when it is interrupted", async () => {
    const flood = (socket: Socket): void => {
      socket.write(head);
      const timer = setInterval(() => socket.write(`2710\r\n${"x".repeat(10_000)}\r\n`), 5);
      socket.on("close", () => clearInterval(timer));
    };
    const short = await overTcp(flood, { forMs: 200 });
    expect(short.end).toMatchObject({ how: "open", because: "time" });
    const small = await overTcp(flood, { maxBytes: 50_000 });
    expect(small.end).toMatchObject({ how: "open", because: "bytes" });
    const interruption = new AbortController();
    const stopped = await overTcp(flood, { signal: interruption.signal, onRead: (pieces) => pieces > 3 && interruption.abort() });
    expect(stopped.end).toMatchObject({ how: "open", because: "interrupted" });
  });

  it("times each event by the read that brings it", async () => {
    const { progress } = await overTcp((socket) => {
      socket.write(head);
      for (const at of [100, 300]) setTimeout(() => socket.write("9\r\ndata: a\n\n\r\n"), at);
      setTimeout(() => socket.end("0\r\n\r\n"), 400);
    });
    expect(progress.map(([, bytes]) => bytes)).toEqual([9, 18]);
    expect((progress[1]?.[0] ?? 0) - (progress[0]?.[0] ?? 0)).toBeGreaterThan(100);
  });
});

describe("over HTTP/2", () => {
  const over = async (act: (stream: ServerHttp2Stream) => void, more?: Partial<Bounds>): Promise<Observed> => {
    const server = createSecureServer({ key: pem, cert: pem });
    server.on("stream", (stream) => {
      stream.on("error", () => {});
      stream.respond({ ":status": 200, "content-type": "text/event-stream" });
      stream.write("data: a\n\n", () => setTimeout(act, 30, stream));
    });
    return exchange(request(`https://127.0.0.1:${await listening(server)}/`), http2, bounds(more));
  };

  it.for([
    ["complete", (stream: ServerHttp2Stream): void => void stream.end()],
    // node:http2 sends END_STREAM in close(INTERNAL_ERROR), and none here.
    ["cut RST_STREAM(INTERNAL_ERROR)", (stream: ServerHttp2Stream): void => void stream.destroy(new Error("as planned"))],
    ["cut GOAWAY(NO_ERROR)", (stream: ServerHttp2Stream): void => stream.session?.destroy()],
    ["cut RST", (): void => opened.forEach(({ sockets }) => sockets.forEach((socket) => socket.resetAndDestroy()))],
  ] as const)("%s", async ([seen, act]) => {
    const { end, head: found, content } = await over(act);
    expect(`${end.how}${end.how === "cut" ? ` ${end.sign}` : ""}`).toBe(seen);
    expect(found).toMatchObject({ status: 200, framing: "stream", version: "2" });
    expect(Buffer.from(content).toString()).toBe("data: a\n\n");
  });
});

describe("redirects", () => {
  const redirecting = async (location: (port: number) => string): Promise<string> => {
    let asked = 0;
    let port = 0;
    const listener: RequestListener = (one, response) => {
      asked++;
      if (one.url === "/there") response.end("there");
      else response.writeHead(302, { location: location(port) }).end();
    };
    port = await listening(createServer(listener));
    return followed(request(`http://127.0.0.1:${port}/`), http11, bounds()).then(
      ({ url }) => `${url.pathname} after ${asked}`,
      (error: Error) => `${error.message} after ${asked}`,
    );
  };

  it("are followed on the same host only, and not forever", async () => {
    expect(await redirecting(() => "/there")).toBe("/there after 2");
    expect(await redirecting((port) => `http://localhost:${port}/there`)).toMatch(
      /to another host, localhost:\d+, which is not followed.* after 1$/,
    );
    expect(await redirecting(() => "/again")).toMatch(/leads on after 5 redirects: .* after 6$/);
    expect(await redirecting(() => "ftp://127.0.0.1/")).toMatch(/to what is no URL of http or https after 1$/);
  });
});

describe("hopwise origin", () => {
  const originAt = async (): Promise<string> => `http://127.0.0.1:${await listening(createOrigin())}`;

  it("is recognized, is on time, and is asked again for caches", async () => {
    const base = await originAt();
    const options = { ...bounds(), isHttp2Wanted: false, mayAskAgain: false };
    const { responses } = await probe(request(`${base}/events?every=100&count=4`), [http11], options);
    expect(responses[0]?.known).toMatchObject({ of: 4, missing: 0, altered: 0, first: { attempt: 1, event: 1 } });
    expect(responses[0]?.known?.lateness.events).toBe(4);
  });

  it("sends lines, heartbeats and an abort", async () => {
    const base = await originAt();
    const lines = judgeResponse(await exchange(request(`${base}/lines?every=50&count=3&heartbeat=20&end=reset`), http11, bounds()));
    expect(lines.records.unit).toBe("line");
    expect(lines.records.arrivals.filter(({ kind }) => kind === "heartbeat").length).toBeGreaterThan(0);
    expect(lines.findings).toContainEqual(expect.objectContaining({ facet: "ending", kind: "cut-visible" }));
  });

  it("says in a sentence what it does not have", async () => {
    const base = await originAt();
    const { head: found, content } = await exchange(request(`${base}/event?count=1`), http11, bounds());
    expect(found?.status).toBe(404);
    expect(Buffer.from(content).toString()).toBe(
      "There is no /event here: /events streams Server-Sent Events, /lines newline-delimited JSON\n",
    );
  });

  it("notices a client that leaves", async () => {
    const base = await originAt();
    expect(await leavingOf(request(`${base}/events`), http11, bounds())).toMatchObject({ level: "ok", kind: "propagated" });
  });
});
