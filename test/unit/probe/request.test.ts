// What is asked, what is shown of it, what `hopwise origin` is asked for, and what is read.
import { constants, createGzip } from "node:zlib";
import { describe, expect, it } from "vitest";
import { requestOf } from "../../../harness/commands/probe-request.ts";
import { dueTimes, scheduleOf } from "../../../harness/probe/origin/schedule.ts";
import { ResponseRecorder } from "../../../harness/probe/recorder.ts";
import { messageOf, variationsOf } from "../../../harness/probe/request.ts";
import { shownUrl } from "../../../harness/probe/shown-url.ts";

const plain = { http: "1.1", acceptEncoding: null } as const;

describe("a request", () => {
  it("is made over each version, with and without Accept-Encoding: at most four", async () => {
    const counted = async (url: string, choice: Parameters<typeof variationsOf>[1], header: string[] = []) =>
      variationsOf(await requestOf(url, { header }), choice).map(({ http, acceptEncoding }) => `${http} ${acceptEncoding !== null}`);
    expect(await counted("https://a.example/", { isOnce: false })).toEqual(["2 false", "2 true", "1.1 false", "1.1 true"]);
    expect(await counted("http://a.example/", { isOnce: false })).toEqual(["1.1 false", "1.1 true"]);
    expect(await counted("https://a.example/", { isOnce: true, http: "1.1" })).toEqual(["1.1 false"]);
    expect(await counted("http://a.example/", { isOnce: false }, ["Accept-Encoding: br"])).toEqual(["1.1 true"]);
  });

  it("has a body with its type and length, one's own fields instead of the usual ones, and the user of the URL", async () => {
    const request = await requestOf("https://me:pass@a.example/x?y=1", { data: '{"stream":true}', header: ["Accept: text/plain"] });
    const { method, target, headers, content } = messageOf(request, plain);
    expect({ method, target, content }).toEqual({ method: "POST", target: "/x?y=1", content: '{"stream":true}' });
    expect(Object.fromEntries(headers)).toMatchObject({
      Host: "a.example",
      Accept: "text/plain",
      "Content-Type": "application/json",
      "Content-Length": "15",
      Authorization: "Basic bWU6cGFzcw==",
    });
    expect(headers.filter(([name]) => name === "Accept").length).toBe(1);
    expect(shownUrl(request.url)).toBe("https://a.example/x?y=1");
  });

  it.for([
    ["ftp://a.example", {}],
    ["http://a.example", { http: "2" as const }],
    ["http://a.example", { data: "x", method: "GET" as const }],
    ["http://a.example", { data: "@/no/such/file" }],
    ["http://a.example", { header: ["no colon"] }],
    ["http://a.example", { header: ["Transfer-Encoding: chunked"] }],
  ])("%j is the author's error", async ([url, flags]) => {
    await expect(requestOf(url as string, flags as object)).rejects.toMatchObject({ name: "AuthorError" });
  });

  it("is shown without passwords, and without values that may be secret", () => {
    expect(shownUrl(new URL("https://u:p@a.example/x?api_key=1&every=2&access_token=3#f"))).toBe(
      "https://a.example/x?api_key=***&every=2&access_token=***",
    );
  });
});

describe("a schedule", () => {
  it("has gaps that differ, and a silence in the middle", () => {
    expect(dueTimes({ count: 6, everyMs: 1000, pauseMs: 0 })).toEqual([1000, 2000, 2100, 3100, 4100, 4200]);
    expect(dueTimes({ count: 4, everyMs: 100, pauseMs: 5000 })).toEqual([100, 200, 5210, 5310]);
  });

  it("is what the URL asks for", () => {
    expect(scheduleOf("/events")).toMatchObject({ format: "events", everyMs: 1000, count: 8, end: "complete" });
    expect(scheduleOf("/lines?every=5&end=reset")).toMatchObject({ format: "lines", everyMs: 5, end: "reset" });
  });

  it.for(["/", "/events?count=0", "/events?every=1e3", "/events?bytes=99999999", "/events?end=soon"])(
    "%s is refused in a sentence",
    (target) => {
      expect(scheduleOf(target)).toMatch(/^[^\n]{20,}$/);
    },
  );
});

describe("what is read", () => {
  const known = { variation: plain, connectMs: 1, end: { how: "complete", atMs: 999 }, stalls: [] } as const;

  it("of a response that is flushed after each event is decoded read by read", async () => {
    const gzip = createGzip();
    const recorder = new ResponseRecorder({ method: "GET", multiplexed: null, onHead: () => {} });
    recorder.read(1, Buffer.from("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n"));
    for (const atMs of [100, 200]) {
      gzip.write(`data: ${atMs}\n\n`);
      await new Promise<void>((resolve) => gzip.flush(constants.Z_SYNC_FLUSH, resolve));
      recorder.read(atMs, gzip.read() as Buffer);
    }
    const { progress, content, coding, isCodingComplete } = await recorder.observed(known, 1e6);
    expect(Buffer.from(content).toString()).toBe("data: 100\n\ndata: 200\n\n");
    expect(progress).toEqual([
      [100, 11],
      [200, 22],
    ]);
    expect({ coding, isCodingComplete }).toEqual({ coding: "gzip", isCodingComplete: false });
  });

  it.for([
    ["complete", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", true],
    ["closed", "HTTP/1.1 200 OK\r\n\r\nx", true],
    [undefined, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", false],
    ["malformed", "hello", false],
  ] as const)("%s: %j", ([how, text, isLegal]) => {
    const recorder = new ResponseRecorder({ method: "GET", multiplexed: null, onHead: () => {} });
    recorder.read(1, Buffer.from(text));
    if (how !== "malformed") expect(recorder.close()).toBe(isLegal);
    expect(recorder.end?.how).toBe(how);
  });
});
