import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bodyOf } from "../../../harness/model/body.ts";
import type { CaseRecording } from "../../../harness/model/recording.ts";
import type { Step } from "../../../harness/model/script.ts";
import {
  type Bench,
  caseOf,
  type CaseShape,
  contentOf,
  endsOf,
  happens,
  newToken,
  only,
  openBench,
  repeat,
  soonMs,
  tapOf,
  textOf,
  watch,
} from "./_lab.ts";

let one: Bench;
let three: Bench;
beforeAll(async () => {
  one = await openBench();
  three = await openBench([null, null]);
});
afterAll(async () => {
  await one[Symbol.asyncDispose]();
  await three[Symbol.asyncDispose]();
});

const benches = { "one tap": () => one, "three taps": () => three };
const each = Object.entries(benches);
const whole: Step[] = [{ do: "headers" }, { do: "write", records: 3, everyMs: 5 }, { do: "end" }];

/** Every tap and the client saw the same bytes. */
const expectOneStream = ({ connections, clients }: CaseRecording): string => {
  const text = textOf(only(clients).response);
  for (const { response } of connections) expect(textOf(response)).toBe(text);
  return text;
};
const bodyFor = (recording: CaseRecording, shape: CaseShape, complete: boolean): Buffer => {
  const { nonce, writes } = only(recording.origin);
  return bodyOf(nonce, caseOf(shape).script.body, writes.at(-1)?.records ?? 0, complete);
};

describe.concurrent.each(each)("the origin, through %s", (_, bench) => {
  test("sends a chunked body, one chunk per record, and splits none", async () => {
    const shape: CaseShape = { steps: whole, recordBytes: repeat(100, 3) };
    const recording = await bench().run(shape);
    const text = expectOneStream(recording);
    expect(text).toMatch(
      /^HTTP\/1\.1 200 OK\r\nDate: .*\r\nContent-Type: application\/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n/,
    );
    expect(text.endsWith("\r\n0\r\n\r\n")).toBe(true);
    expect(contentOf(only(recording.clients).response).equals(bodyFor(recording, shape, true))).toBe(true);
    const { response } = tapOf(recording, 0);
    const head = text.indexOf("\r\n\r\n") + 4;
    // After a standstill two may have been read together.
    const ends = [head, head + 106, head + 212, head + 318, text.length];
    for (const end of response.ends) expect(ends).toContain(end);
    expect(only(recording.clients).ended?.how).toBe("complete");
    const { headersAt, writes, endedAt, bytesWritten, bytesTaken, connection, problem } = only(recording.origin);
    expect(writes.map(({ records }) => records)).toEqual([1, 2, 3]);
    for (const [index, { at }] of writes.entries())
      expect(response.at[Array.from(response.ends).findIndex((end) => end >= (ends[index + 1] ?? 0))]).toBeGreaterThanOrEqual(at);
    expect((writes[2]?.at ?? 0) - (writes[0]?.at ?? 0)).toBeGreaterThan(8);
    expect(headersAt).toBeLessThan(writes[0]?.at ?? 0);
    expect(endedAt).toBeGreaterThan(writes[2]?.at ?? Infinity);
    expect([bytesWritten, bytesTaken, connection, problem]).toEqual([text.length, text.length, tapOf(recording, 0).connection, null]);
  });

  test("sends the header section with the first write unless a step flushes it", async () => {
    const recording = await bench().run({ steps: [{ do: "pause", ms: 5 }, ...whole.slice(1)], recordBytes: repeat(100, 3) });
    const text = expectOneStream(recording);
    const { headersAt, writes } = only(recording.origin);
    // On a machine that stood still the second write may have been read with them.
    const first = text.indexOf("\r\n\r\n") + 4 + 106;
    expect([first, first + 106, first + 212, text.length]).toContain(tapOf(recording, 0).response.ends[0]);
    expect(headersAt).toBe(writes[0]?.at);
  });

  test("announces the length of the whole plan and meets it, a closing bracket included", async () => {
    const shape: CaseShape = {
      steps: [{ do: "write", records: 1, everyMs: 0 }, { do: "end" }],
      recordBytes: [60, 70, 80],
      framing: "content-length",
      format: "json-array",
    };
    const recording = await bench().run(shape);
    expect(expectOneStream(recording)).toContain("Content-Length: 211\r\n");
    const content = contentOf(only(recording.clients).response);
    expect(content.equals(bodyFor(recording, shape, true))).toBe(true);
    expect((JSON.parse(content.toString()) as unknown[]).length).toBe(3);
    expect(only(recording.origin).writes.at(-1)?.records).toBe(3);
  });

  test("ends a close-delimited body by FIN", async () => {
    const shape: CaseShape = { steps: whole, recordBytes: repeat(100, 3), framing: "close", format: "json-array" };
    const recording = await bench().run(shape);
    expect(expectOneStream(recording)).toMatch(/\r\nConnection: close\r\n/);
    expect(contentOf(only(recording.clients).response).equals(bodyFor(recording, shape, true))).toBe(true);
    expect(only(recording.clients).ended?.how).toBe("complete");
    for (const connection of recording.connections) expect(endsOf(connection)[0]).toBe("upstream fin");
  });

  test.each([
    ["chunked", "1.1", "1.0", /^HTTP\/1\.1 200 OK\r\n(?!.*Transfer-Encoding)/s],
    ["chunked", "1.0", "1.1", /^HTTP\/1\.0 200 OK\r\n(?!.*Transfer-Encoding)/s],
    ["content-length", "1.1", "1.0", /^HTTP\/1\.1 200 OK\r\n.*Content-Length: 300\r\n/s],
    ["content-length", "1.0", "1.1", /^HTTP\/1\.0 200 OK\r\n.*Content-Length: 300\r\n/s],
  ] as const)("does not chunk: framing %s, script %s, request %s", async (framing, version, asked, head) => {
    const shape: CaseShape = { steps: whole, recordBytes: repeat(100, 3), framing, version, clients: [{ version: asked }] };
    const recording = await bench().run(shape);
    expect(expectOneStream(recording)).toMatch(head);
    expect(contentOf(only(recording.clients).response).equals(bodyFor(recording, shape, true))).toBe(true);
    expect(only(recording.origin).requestVersion).toBe(asked);
  });

  test.each([
    ["HEAD", 200, "Transfer-Encoding: chunked\r\n"],
    ["GET", 204, ""],
    ["GET", 304, ""],
  ])("gives %s with status %i no body", async (method, status, framing) => {
    const recording = await bench().run({ steps: whole, status, clients: [{ method }] });
    const text = expectOneStream(recording);
    expect(text).toContain(framing);
    expect(text.endsWith("\r\n\r\n") && text.indexOf("\r\n\r\n") === text.length - 4).toBe(true);
    if (framing === "") expect(text).not.toMatch(/Transfer-Encoding|Content-Length|Content-Type/);
    expect(only(recording.clients).ended?.how).toBe("complete");
    expect(only(recording.origin).endedAt).not.toBeNull();
    expect(only(recording.clients).problems).toEqual([]);
  });

  test("sends interim responses to clients of HTTP/1.1, and trailers", async () => {
    const steps: Step[] = [
      { do: "interim", status: 103, headers: [["Link", "</style.css>; rel=preload"]] },
      { do: "pause", ms: 5 },
      ...whole,
    ];
    const shape: CaseShape = { steps, trailers: [["X-Sum", "42"]] };
    const recording = await bench().run(shape);
    const text = expectOneStream(recording);
    expect(text).toMatch(/^HTTP\/1\.1 103 Early Hints\r\nLink: .*\r\n\r\nHTTP\/1\.1 200 OK\r\n.*Trailer: X-Sum\r\n/s);
    expect(text.endsWith("\r\n0\r\nX-Sum: 42\r\n\r\n")).toBe(true);
    expect(only(recording.clients).problems).toEqual([]);
    const old = await bench().run({ ...shape, clients: [{ version: "1.0" }] });
    expect(expectOneStream(old)).not.toContain("103");
  });

  test("lets the script's header fields replace its own", async () => {
    const headers: [string, string][] = [
      ["date", "never"],
      ["Cache-Control", "no-store"],
      ["Set-Cookie", "a"],
      ["Set-Cookie", "b"],
    ];
    const text = expectOneStream(await bench().run({ steps: whole, headers, contentType: "text/x-own" }));
    expect(text).toMatch(/Content-Type: text\/x-own\r\n.*date: never\r\nCache-Control: no-store\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n/s);
    expect(text).not.toContain("Date:");
  });

  test.each([
    ["reset", "upstream reset", "reset", /\r\n$/],
    // Half of a chunk of 106 bytes.
    ["close", "upstream fin", "fin", /\r\n64\r\n.{49}$/s],
    ["no-last-chunk", "upstream fin", "fin", /\r\n$/],
    ["reset-after-data", "upstream reset", "reset", /\r\n$/],
  ] as const)("aborts by %s, seen as what it is everywhere", async (how, sign, seen, end) => {
    const recording = await bench().run({ steps: [{ do: "headers" }, { do: "write", records: 4, everyMs: 1 }, { do: "abort", how }] });
    expect(expectOneStream(recording)).toMatch(end);
    expect(only(recording.clients).ended?.how).toBe(seen);
    // No link loses the record directly before the reset.
    expect(only(recording.clients).recordsAt.length).toBe(how === "reset-after-data" ? 5 : 4);
    for (const connection of recording.connections) expect(endsOf(connection)[0]).toBe(sign);
    const { aborted, endedAt, gone } = only(recording.origin);
    expect([aborted?.how, endedAt, gone]).toEqual([how, null, null]);
  });

  test("aborts before the announced length is met, and before any header section", async () => {
    const short = await bench().run({
      steps: [
        { do: "write", records: 1, everyMs: 0 },
        { do: "abort", how: "close" },
      ],
      framing: "content-length",
    });
    expect(only(short.clients).problems.join()).toContain("of 800 bytes of Content-Length");
    expect(only(short.clients).ended?.how).toBe("fin");
    const nothing = await bench().run({ steps: [{ do: "abort", how: "reset" }] });
    expect([expectOneStream(nothing), only(nothing.clients).ended?.how]).toEqual(["", "reset"]);
  });

  test("loses no byte of a megabyte written just before a reset", async () => {
    const recording = await bench().run({
      steps: [
        { do: "write", records: 4, everyMs: 0 },
        { do: "abort", how: "reset" },
      ],
      recordBytes: repeat(1024 * 1024, 4),
      clients: [{ patienceMs: 5000 }],
    });
    expect(only(recording.clients).recordsAt.length).toBe(4);
    expect(only(recording.clients).ended?.how).toBe("reset");
    for (const connection of recording.connections) expect(endsOf(connection)[0]).toBe("upstream reset");
  });

  test("writes record by record in lock-step, and skips the unacknowledged steps", async () => {
    const recording = await bench().run({
      steps: [
        { do: "lock-step", records: 6, patienceMs: 2000 },
        { do: "write", records: 2, everyMs: 100, only: "unacknowledged" },
        { do: "end" },
      ],
    });
    const { writes, unacknowledged } = only(recording.origin);
    const { recordsAt } = only(recording.clients);
    expect([writes.length, unacknowledged, recordsAt.length]).toEqual([6, null, 6]);
    for (let record = 1; record < 6; record++) expect(writes[record]?.at).toBeGreaterThanOrEqual(recordsAt[record - 1] ?? Infinity);
  });

  test("awaits the client, which takes no time if nothing holds", async () => {
    const recording = await bench().run({
      steps: [{ do: "write", records: 2, everyMs: 0 }, { do: "await-client", atMostMs: 5000 }, { do: "end" }],
    });
    const { endedAt } = only(recording.origin);
    expect(endedAt).toBeGreaterThanOrEqual(only(recording.clients).recordsAt[1] ?? Infinity);
  });

  test.each(["fin", "reset"] as const)("notices within milliseconds that its client left by %s, silent or flowing", async (how) => {
    for (const step of [
      { do: "await-gone", atMostMs: 3000 },
      { do: "write-until-gone", records: 300, everyMs: 10, atMostMs: 3000 },
    ] as const) {
      const recording = await bench().run({
        steps: [{ do: "headers" }, { do: "write", records: 3, everyMs: 1 }, step, { do: "end" }],
        recordBytes: repeat(100, 400),
        clients: [{ leave: { how, records: 3, afterMs: 10 } }],
      });
      const { gone, endedAt } = only(recording.origin);
      const left = only(recording.clients).ended;
      expect([gone?.how, endedAt, left?.how]).toEqual([how, null, "left"]);
      expect((gone?.at ?? Infinity) - (left?.at ?? 0)).toBeLessThan(soonMs);
      for (const connection of recording.connections) expect(endsOf(connection)[0]).toBe(`downstream ${how}`);
    }
  });

  test("writes no faster than a slow client reads", async () => {
    const recording = await bench().run({
      steps: [
        { do: "write-until-gone", records: 64, everyMs: 0, atMostMs: 2000 },
        { do: "abort", how: "close" },
      ],
      recordBytes: repeat(1024 * 1024, 64),
      clients: [{ readBytesPerSecond: 100_000, patienceMs: 200 }],
    });
    const { writes, bytesWritten, bytesTaken } = only(recording.origin);
    expect(writes.length).toBeLessThan(56);
    expect(bytesWritten - bytesTaken).toBeLessThan(2 * 1024 * 1024);
    expect(only(recording.clients).response.bytes.length).toBeLessThan(300_000);
    expect(tapOf(recording, 0).blocked.length).toBeGreaterThan(0);
  });
});

describe("the origin", () => {
  const enter = async () => {
    const { port } = await one.lab.do("open-tap", { id: newToken(), target: "origin", listen: { host: "127.0.0.1", port: 0 } });
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    await happens(socket, "connect");
    return { socket, seen: watch(socket) };
  };

  test("answers a request for an unknown case with 404 and does not record it", async () => {
    const { socket, seen } = await enter();
    socket.write("GET /stream?hopwise=unknown HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    await seen.ended;
    expect(
      seen
        .bytes()
        .toString()
        .match(/HTTP\/1\.1 404 Not Found/g)?.length,
    ).toBe(2);
    socket.destroy();
  });

  test("answers an unreadable request with 400", async () => {
    const { socket, seen } = await enter();
    socket.write("GET /stream\r\nHost: a\r\n\r\n");
    await seen.ended;
    expect(seen.bytes().toString()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*The request cannot be read: request line/s);
    socket.destroy();
  });

  test("reports an unreadable request to the case that it names", async () => {
    const recording = await one.run({ steps: whole, clients: [{ headers: [["bad name", "x"]] }] });
    expect(only(recording.origin).problem).toContain("The request cannot be read: ");
    expect(textOf(only(recording.clients).response)).toMatch(/^HTTP\/1\.1 400 /);
    expect(only(recording.clients).recordsAt).toEqual([]);
  });

  test("reports a script that writes more records than its body has", async () => {
    const recording = await one.run({ steps: [{ do: "write", records: 9, everyMs: 0 }, { do: "end" }] });
    expect(only(recording.origin).problem).toBe("The script writes more than the 8 records of its body");
  });

  test("keeps a connection for the next request unless it is asked to close it", async () => {
    const recording = await one.run({ steps: whole, clients: [{ headers: [["Connection", "close"]] }] });
    expect(textOf(only(recording.clients).response)).toContain("Connection: close\r\n");
    expect(endsOf(tapOf(recording, 0))[0]).toBe("upstream fin");
    const kept = await one.run({ steps: whole });
    expect(endsOf(tapOf(kept, 0))[0]).toBe("downstream fin");
  });
});
