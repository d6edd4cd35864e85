// Records, endings, header fields that betray hops, and conclusions from several responses.
import { describe, expect, it } from "vitest";
import { comparedWithOrigin, outcomeOf, sharedResponses, variationsCompared } from "../../../harness/probe/judge/conclude.ts";
import { cutsCompared } from "../../../harness/probe/judge/cuts.ts";
import type { Finding } from "../../../harness/probe/judge/findings.ts";
import { judgeResponse } from "../../../harness/probe/judge/judge.ts";
import type { Observed, Variation } from "../../../harness/probe/judge/observation.ts";
import { recordsOf } from "../../../harness/probe/judge/records.ts";
import { nameOf } from "../../../harness/probe/variation-name.ts";
import { events, knownEvents, observed } from "./_observed.ts";

const endingOf = (one: Observed): Finding | undefined => judgeResponse(one).findings.find(({ facet }) => facet === "ending");

describe("records", () => {
  it("are events, by any line end, and blocks without data are heartbeats", () => {
    const text = "data: a\n\n: ping\n\ndata: b\r\ndata: c\r\n\r\nevent: ping\rdata: {}\r\rretry: 5\n\ndata: unfinished";
    const { unit, arrivals, leftBytes } = recordsOf(observed([{ atMs: 5, text }]));
    expect(unit).toBe("event");
    expect(arrivals.map(({ kind, text: data }) => `${kind} ${data}`)).toEqual([
      "data a",
      "heartbeat ",
      "data b\nc",
      "heartbeat {}",
      "heartbeat ",
    ]);
    expect(leftBytes).toBe("data: unfinished".length);
  });

  it("arrive with the read that completes them", () => {
    const pieces = ["data: a\n", "\ndata: b", "\n\ndata: c\n\n"].map((text, index) => ({ atMs: 100 * index, text }));
    expect(recordsOf(observed(pieces)).arrivals.map(({ atMs }) => atMs)).toEqual([100, 200, 200]);
  });

  it("are lines of newline-delimited JSON, and chunks of anything else", () => {
    const pieces = [
      { atMs: 1, text: '{"a":1}\n\n{"b"' },
      { atMs: 2, text: ":2}\n" },
    ];
    const lines = recordsOf(observed(pieces, { type: "application/x-ndjson" }));
    expect(lines).toMatchObject({ unit: "line", arrivals: [{ kind: "data" }, { kind: "heartbeat" }, { kind: "data", atMs: 2 }] });
    expect(recordsOf(observed(pieces, { type: "video/mp4" }))).toMatchObject({ unit: "chunk", arrivals: [{ atMs: 1 }, { atMs: 2 }] });
  });
});

describe("an ending", () => {
  const three = events([300, 600, 900]);
  it.for([
    ["ok complete", three, {}],
    ["warning unmarked", three, { end: { how: "closed", atMs: 901 } }],
    ["error cut-silently", [...three, { atMs: 950, text: "data: unfin" }], {}],
    ["error cut-silently", three, { coding: "gzip", isCodingComplete: false }],
    ["error malformed", three, { end: { how: "malformed", problem: "bare LF", atMs: 901 } }],
    ["ok open", three, { end: { how: "open", because: "time", atMs: 30_000 } }],
    ["error error-status", [], { status: 504, headMs: 60_000, end: { how: "complete", atMs: 60_000 } }],
    ["open error-status", [], { status: 401, end: { how: "complete", atMs: 3 } }],
    ["open cut", [], { head: null, end: { how: "cut", sign: "FIN", atMs: 4 } }],
    ["error cut", [], { head: null, end: { how: "cut", sign: "FIN", atMs: 60_000 } }],
  ] as const)("%s", ([wanted, records, given]) => {
    const found = endingOf(observed(records, given));
    expect(`${found?.level} ${found?.kind}`).toBe(wanted);
  });

  it("by a cut says what it may have been", () => {
    const cutAt = (atMs: number) => endingOf(observed(three, { end: { how: "cut", sign: "RST", atMs } }));
    expect(cutAt(60_900)).toMatchObject({ level: "error", cut: { by: "idle-timeout", silentMs: 60_000 } });
    expect(cutAt(1000)).toMatchObject({ cut: { by: "total-timeout" } });
    expect(cutAt(950)).toMatchObject({ cut: { by: "unclassified" } });
  });

  it("of stray bytes", () => {
    expect(judgeResponse(observed(three, { strayBytes: 9 })).findings).toContainEqual(
      expect.objectContaining({ level: "error", kind: "stray-bytes", bytes: 9 }),
    );
  });
});

describe("header fields", () => {
  const fieldsOf = (headers: Record<string, string>): Finding[] =>
    judgeResponse(observed(events([300, 600, 900]), { headers: Object.entries(headers).map(([name, value]) => ({ name, value })) }))
      .findings;

  it("that betray hops are shown, and no others", () => {
    const found = fieldsOf({ Server: "nginx", Via: "1.1 varnish", "CF-Ray": "8f", "Set-Cookie": "a=secret", "X-Token": "secret" });
    const hops = found.find(({ kind }) => kind === "hops");
    expect(hops).toMatchObject({ fields: [{ name: "server" }, { name: "via" }, { name: "cf-ray", says: "Cloudflare" }] });
    expect(JSON.stringify(found)).not.toContain("secret");
  });

  it.for([
    [{ Age: "12" }, true],
    [{ "X-Cache": "HIT from edge" }, true],
    [{ "Cache-Status": "edge; hit" }, true],
    [{ Age: "0", "X-Cache": "MISS", "Cache-Status": "edge; fwd=stale" }, false],
  ] as const)("%j: from a cache %s", ([headers, isFromCache]) => {
    expect(fieldsOf(headers).some(({ kind }) => kind === "from-a-cache")).toBe(isFromCache);
  });
});

const by = (http: Variation["http"], acceptEncoding: string | null): Pick<Observed, "variation"> => ({
  variation: { http, acceptEncoding },
});
const fine = events([300, 600, 900]);
const held = events([900, 900, 900]);

describe("conclusions", () => {
  it("name the one thing that the bad responses have in common", () => {
    const of = (...all: [records: typeof fine, given: Pick<Observed, "variation">][]) =>
      variationsCompared(all.map(([records, given]) => judgeResponse(observed(records, given))));
    expect(of([fine, by("1.1", null)], [held, by("1.1", "gzip")])).toEqual([{ facet: "delivery", kind: "only-with-coding", http: "1.1" }]);
    expect(of([fine, by("1.1", null)], [fine, by("1.1", "gzip")], [held, by("2", null)], [held, by("2", "gzip")])).toEqual([
      { facet: "delivery", kind: "only-over", http: "2" },
    ]);
    expect(of([held, by("1.1", null)], [held, by("1.1", "gzip")])).toEqual([]);
  });

  it("several cuts after the same time are a timeout", () => {
    const cutAt = (...times: number[]) =>
      cutsCompared(times.map((atMs) => judgeResponse(observed(fine, { end: { how: "cut", sign: "FIN", atMs } }))));
    expect(cutAt(60_900, 60_950)).toEqual([{ facet: "ending", kind: "same-cut", by: "idle-timeout", ms: 60_025, responses: 2 }]);
    expect(cutAt(1000, 1010)).toMatchObject([{ by: "total-timeout" }]);
    expect(cutAt(60_900, 30_900)).toEqual([]);
    expect(cutAt(60_900)).toEqual([]);
  });

  it("an origin that is fine leaves the path; one that shows the same excuses it", () => {
    const [path, same, other] = [held, held, fine].map((records) => judgeResponse(observed(records)));
    const excused = comparedWithOrigin([path!], [same!]);
    expect(excused.conclusions).toEqual([{ facet: "delivery", kind: "side", side: "origin" }]);
    expect(outcomeOf(excused.path)).toBe("fine");
    const accused = comparedWithOrigin([path!], [other!]);
    expect(accused.conclusions).toEqual([{ facet: "delivery", kind: "side", side: "path" }]);
    expect(outcomeOf(accused.path)).toBe("bad");
  });

  it("the events of another request are cached or collapsed, and nothing else is said of them", () => {
    const [first, second] = [by("1.1", null), by("1.1", "gzip")].map((given) =>
      judgeResponse(observed(knownEvents([{ writtenMs: 100, atMs: 101 }]), given)),
    );
    const [, shared] = sharedResponses([first!, second!], nameOf);
    expect(shared?.findings.map(({ facet, kind }) => `${facet} ${kind}`)).toEqual(["ending complete", "source same-response"]);
  });

  it("nothing that could be judged is no pass", () => {
    expect(outcomeOf([judgeResponse(observed([], { status: 404 }))])).toBe("open");
    expect(outcomeOf([judgeResponse(observed([{ atMs: 1, text: "x" }], { type: "text/html" }))])).toBe("open");
    expect(outcomeOf([judgeResponse(observed(fine))])).toBe("fine");
  });
});
