import { describe, expect, test } from "vitest";
import { createProbeStore } from "../../../harness/host/probe-store.ts";
import { readRequestId, requestIdText } from "../../../harness/model/request-id.ts";

describe("what the probes saw is kept until it is asked for", () => {
  test("one client or a whole case, once", async () => {
    const store = createProbeStore();
    for (const request of ["abcdefgh.1", "abcdefgh.10", "abcdefgh.2", "zzzzzzzz.1"]) store.open("hop#0", readRequestId(request));
    expect(store.take(readRequestId("abcdefgh.1")).map(({ request }) => requestIdText(request))).toEqual(["abcdefgh.1"]);
    expect(store.take(readRequestId("abcdefgh")).map(({ request }) => requestIdText(request))).toEqual(["abcdefgh.10", "abcdefgh.2"]);
    expect(store.take(readRequestId("abcdefgh"))).toEqual([]);
    expect(store.take(readRequestId("zzzzzzzz.1")).length).toBe(1);
  });

  test("8 MiB of one response, and 64 MiB in all", () => {
    const store = createProbeStore();
    const piece = Buffer.alloc(1024 * 1024);
    const long = store.open("hop#0", readRequestId("long.0"));
    for (let sent = 0; sent < 10; sent++) long.data(piece, undefined);
    expect(store.take(readRequestId("long.0"))).toMatchObject([{ content: { droppedBytes: 3 * piece.length } }]);
    for (let client = 0; client < 20; client++) {
      const seen = store.open("hop#0", readRequestId(`many.${client}`));
      for (let sent = 0; sent < 5; sent++) seen.data(piece, undefined);
    }
    expect(store.take(readRequestId("many")).length).toBe(12);
  });
});
