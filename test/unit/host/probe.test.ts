import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import type { ConnectMiddleware } from "../../../harness/define.ts";
import { compose } from "../../../harness/host/compose.ts";
import { createProbeStore } from "../../../harness/host/probe-store.ts";
import type { ProbeAnswer } from "../../../harness/host/probe-store.ts";
import compression from "../../../middlewares/compression.ts";
import gzip from "../../../middlewares/gzip.ts";
import { contentOf, inflated, isComplete, startHttp } from "../hops/_wire.ts";

const straight: ConnectMiddleware = (_request, _response, next) => next();
const now = (): number => Number(process.hrtime.bigint()) / 1e6;
const textOf = ({ content }: ProbeAnswer): string => Buffer.from(content.bytes, "base64").toString("latin1");
const pieces = (seen: ProbeAnswer): string[] =>
  seen.content.ends.map((end, index) => textOf(seen).slice(seen.content.ends[index - 1] ?? 0, end));
const fields = ({ headers }: ProbeAnswer): Record<string, string> =>
  Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));

/** A server of a handler and middlewares, and what its probes saw of request `abcdefgh.0`. */
const serve = async (handler: RequestListener, middlewares: ConnectMiddleware[] = [straight]) => {
  const store = createProbeStore();
  const hop = await startHttp(compose(handler, middlewares, "hop", store));
  const seen = (): ProbeAnswer[] =>
    store.take({ token: "abcdefgh", client: null }).toSorted((one, other) => one.place.localeCompare(other.place));
  return {
    seen,
    store,
    ask: (request: Parameters<typeof hop.ask>[0] = {}) =>
      hop.ask({ ...request, headers: `${request.headers ?? ""}hopwise-request: abcdefgh.0\r\n` }),
    plain: hop.ask,
    [Symbol.asyncDispose]: hop[Symbol.asyncDispose],
  };
};

describe("what a place sees", () => {
  test("each write with its time, the header section, and the end", async () => {
    const { promise: go, resolve } = Promise.withResolvers<void>();
    const startedAt = now();
    await using server = await serve((_request, response) => {
      response.writeHead(201, { "X-One": "1", "Set-Cookie": ["a", "b"] });
      response.flushHeaders();
      void go.then(() => {
        response.write("one");
        response.write(Buffer.from("two"));
        response.end("7468726565", "hex");
      });
    });
    const client = server.ask();
    await client.headers();
    const headersCameAt = now();
    resolve();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("onetwothree");
    const [seen] = server.seen();
    expect(seen).toMatchObject({ place: "hop#0", request: { token: "abcdefgh", client: 0 }, status: 201, ended: { how: "end" } });
    expect(seen!.headers).toEqual([
      ["X-One", "1"],
      ["Set-Cookie", "a"],
      ["Set-Cookie", "b"],
    ]);
    expect(pieces(seen!)).toEqual(["one", "two", "three"]);
    const times = [startedAt, seen!.requestedAt, seen!.headersAt!, headersCameAt, ...seen!.content.at, seen!.ended!.at, now()];
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test("a header section that is written but not flushed leaves with the first byte", async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(200, "Fine", ["X-One", "1", "X-One", "2"]);
      setImmediate(() => response.end("one"));
    });
    await server.ask().has("one");
    const [seen] = server.seen();
    expect(seen!.headersAt).toBeGreaterThan(seen!.requestedAt);
    expect(seen!.headersAt! <= seen!.content.at[0]!).toBe(true);
    expect(seen!.headers).toEqual([
      ["X-One", "1"],
      ["X-One", "2"],
    ]);
  });

  test.for<[string, RequestListener, number]>([
    ["setHeader and end", (_request, response) => void response.setHeader("X-One", 1).end("one"), 200],
    ["a pipe", (request, response) => void request.pipe(response.setHeader("X-One", "1")), 200],
    [
      "statusCode and write",
      (_request, response) => void ((response.statusCode = 404), response.setHeader("X-One", "1").write("a"), response.end()),
      404,
    ],
    ["flushHeaders alone", (_request, response) => void (response.setHeader("X-One", "1").flushHeaders(), response.end()), 200],
  ])("an implicit header section: %s", async ([, handler, status]) => {
    await using server = await serve(handler);
    const client = server.ask();
    await client.headers();
    const [seen] = server.seen();
    expect(seen).toMatchObject({ status, headers: [["x-one", "1"]] });
    expect(client.head).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*\r\nX-One: 1\r\n`));
  });

  test("early hints and 1xx are not the header section", async () => {
    await using server = await serve((_request, response) => {
      response.writeEarlyHints({ link: "</a.css>; rel=preload" });
      response.writeProcessing();
      setImmediate(() => response.end("one"));
    });
    const client = server.ask();
    await client.has("one");
    expect(client.text).toMatch(/^HTTP\/1.1 103 [^]*HTTP\/1.1 102 [^]*HTTP\/1.1 200 OK/);
    const [seen] = server.seen();
    expect(seen).toMatchObject({ status: 200 });
    expect(seen!.headersAt! <= seen!.content.at[0]!).toBe(true);
  });

  test("HEAD: what the handler wrote, though none of it goes out", async () => {
    await using server = await serve((_request, response) => void response.writeHead(200, { "Content-Length": 3 }).end("one"));
    const client = server.ask({ method: "HEAD" });
    await client.headers();
    expect(client.rest).toBe("");
    expect(server.seen()).toMatchObject([{ status: 200, ended: { how: "end" } }]);
  });

  test.for<[string, RequestListener, "destroy" | "close"]>([
    [
      "the handler destroys the response",
      (_request, response) => void (response.write("one"), setImmediate(() => response.destroy())),
      "destroy",
    ],
    [
      "the socket is closed under it",
      (_request, response) => void (response.write("one"), setImmediate(() => response.socket?.destroy())),
      "close",
    ],
  ])("%s", async ([, handler, how]) => {
    await using server = await serve(handler);
    await server.ask().left();
    expect(server.seen()).toMatchObject([{ ended: { how } }]);
  });

  test("the client leaves", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    await using server = await serve((_request, response) => void response.on("close", resolve).write("one"));
    const client = server.ask();
    await client.has("one");
    client.reset();
    await closed;
    expect(server.seen()).toMatchObject([{ ended: { how: "close" } }]);
  });

  test("a request without a mark leaves no trace, one marked in its query does", async () => {
    await using server = await serve((_request, response) => void response.end("one"));
    await server.plain().has("one");
    expect(server.seen()).toEqual([]);
    await server.plain({ path: "/a?x=1&hopwise=abcdefgh" }).has("one");
    expect(server.seen()).toMatchObject([{ request: { token: "abcdefgh", client: null } }]);
  });
});

describe("middlewares that patch the response", () => {
  const stream = (): [RequestListener, () => void, () => void] => {
    let write = (): void => {};
    let end = (): void => {};
    const handler: RequestListener = (_request, response) => {
      response.setHeader("Content-Type", "text/plain");
      response.setHeader("ETag", '"x"');
      write = () => void response.write("a word and ".repeat(200));
      end = () => void response.end();
      write();
    };
    return [handler, () => write(), () => end()];
  };

  test.for([
    ["gzip", gzip],
    ["compression", compression],
  ] as const)("%s: the place before it sees the text, the place behind it the coded content", async ([, middleware]) => {
    const [handler, write, end] = stream();
    await using server = await serve(handler, [await middleware.create({ flush: false }), straight]);
    const client = server.ask({ headers: "Accept-Encoding: gzip\r\n" });
    await client.headers();
    write();
    end();
    await client.until(isComplete);
    const text = "a word and ".repeat(400);
    expect(await inflated(contentOf(client))).toBe(text);
    const [before, after] = server.seen();
    expect(pieces(before!)).toEqual([text.slice(0, text.length / 2), text.slice(text.length / 2)]);
    expect(fields(before!)).not.toHaveProperty("content-encoding");
    expect(fields(after!)).toMatchObject({ "content-encoding": "gzip", "content-type": "text/plain" });
    expect(textOf(after!)).toBe(contentOf(client));
    expect(after!.content.at.at(-1)!).toBeGreaterThan(before!.ended!.at);
    expect(after!.ended).toMatchObject({ how: "end" });
  });

  test("compression works the same with and without probes", async () => {
    const [handler, , end] = stream();
    await using server = await serve(handler, [await compression.create({ flush: true })]);
    const watched = server.ask({ headers: "Accept-Encoding: gzip\r\n" });
    await watched.headers();
    end();
    const plain = server.plain({ headers: "Accept-Encoding: gzip\r\n" });
    await plain.headers();
    end();
    await Promise.all([watched.until(isComplete), plain.until(isComplete)]);
    expect(watched.head.replace(/Date: .*/, "")).toBe(plain.head.replace(/Date: .*/, ""));
    expect(contentOf(watched)).toBe(contentOf(plain));
    expect(server.seen().length).toBe(1);
  });

  test("a middleware that sets headers and then calls writeHead itself is seen only behind it", async () => {
    const marking: ConnectMiddleware = (_request, response, next) => {
      const { write } = response;
      response.write = ((...args: Parameters<typeof write>) => {
        if (!response.headersSent) response.setHeader("X-Mark", "1").writeHead(response.statusCode);
        return write.apply(response, args);
      }) as typeof write;
      next();
    };
    await using server = await serve((_request, response) => void (response.write("one"), response.end()), [marking, straight]);
    await server.ask().has("one");
    const [before, after] = server.seen();
    expect(fields(before!)).toEqual({});
    expect(fields(after!)).toEqual({ "x-mark": "1" });
  });

  test("a middleware that only listens for the header section, as on-headers does, is seen only behind it", async () => {
    const stamping: ConnectMiddleware = (_request, response, next) => {
      const { writeHead } = response;
      response.writeHead = ((...args: Parameters<typeof writeHead>) =>
        writeHead.apply(response.setHeader("X-Stamp", "1"), args)) as typeof writeHead;
      next();
    };
    await using server = await serve((_request, response) => void (response.write("one"), response.end()), [stamping, straight]);
    await server.ask().has("one");
    const [before, after] = server.seen();
    expect(fields(before!)).toEqual({});
    expect(fields(after!)).toEqual({ "x-stamp": "1" });
  });

  test("a middleware that takes end(data) apart does not make the data appear twice", async () => {
    const apart: ConnectMiddleware = (_request, response, next) => {
      const { end } = response;
      response.end = ((data?: unknown) => {
        if (data) response.write(data);
        return Reflect.apply(end, response, []);
      }) as typeof end;
      next();
    };
    await using server = await serve((_request, response) => void response.end("one"), [apart, straight]);
    const client = server.ask();
    await client.until(isComplete);
    expect(contentOf(client)).toBe("one");
    expect(server.seen().map(textOf)).toEqual(["one", "one"]);
  });

  test("backpressure, its end and callbacks pass through", async () => {
    const { promise: taken, resolve } = Promise.withResolvers<void>();
    const returned: boolean[] = [];
    await using server = await serve((_request, response) => {
      const piece = Buffer.alloc(1024 * 1024, "x");
      const fill = (): void => {
        do returned.push(response.write(piece));
        while (returned.at(-1));
      };
      fill();
      response.once("drain", () => response.end("last", () => resolve()));
    });
    const client = server.ask();
    await client.until((end) => end.endsWith("0\r\n\r\n"));
    await taken;
    expect(returned.at(-1)).toBe(false);
    const [seen] = server.seen();
    expect(seen!.content.ends.at(-1)).toBe(returned.length * 1024 * 1024 + 4);
  });

  test("what a middleware answers itself is not seen at the places before it", async () => {
    const answering: ConnectMiddleware = (_request, response) => void response.end("mine");
    await using server = await serve(() => {}, [straight, answering, straight]);
    await server.ask().has("mine");
    expect(server.seen().map(({ place }) => place)).toEqual(["hop#2"]);
  });
});
