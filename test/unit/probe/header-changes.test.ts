// What differs between a response's header section and the origin's: what it means for a stream, and never a value that may be secret.
import { describe, expect, it, test } from "vitest";
import { judgeResponse } from "../../../harness/probe/judge/judge.ts";
import { headerChangesOf, withHeaderChanges } from "../../../harness/probe/judge/header-changes.ts";
import type { Finding } from "../../../harness/probe/judge/findings.ts";
import type { Head } from "../../../harness/probe/judge/observation.ts";
import { probePretty } from "../../../harness/report/probe-pretty.ts";
import { responseReport } from "../../../harness/report/probe-report.ts";
import { findingWords } from "../../../harness/report/probe-words.ts";
import { events, observed } from "./_observed.ts";
import { report } from "./_report.ts";

type Fields = Record<string, string>;

const head = (fields: Fields, given: Partial<Head> = {}): Head => ({
  atMs: 1,
  status: 200,
  headers: Object.entries({ "Content-Type": "text/event-stream", ...fields }).map(([name, value]) => ({ name, value })),
  framing: "chunked",
  version: "1.1",
  ...given,
});

const shortOf = (finding: Finding): string =>
  finding.kind === "field-changed"
    ? `${finding.level} ${finding.change}: ${finding.from} → ${finding.to}`
    : finding.kind === "other-fields"
      ? `${finding.level} +${finding.added.join()} -${finding.removed.join()} ~${finding.changed.join()}`
      : `${finding.level} ${finding.facet} ${finding.kind}`;

interface Case {
  what: string;
  origin?: Fields;
  path?: Fields;
  originHead?: Partial<Head>;
  pathHead?: Partial<Head>;
  found: string[];
}

const kept = ["ok about fields-kept"];

const cases: Case[] = [
  { what: "nothing", origin: { "Cache-Control": "no-cache" }, path: { "cache-control": "no-cache" }, found: kept },
  { what: "another date", origin: { Date: "Mon" }, path: { Date: "Tue" }, found: kept },
  { what: "blanks around commas", origin: { Vary: "Accept,Origin" }, path: { Vary: "Accept, Origin" }, found: kept },
  { what: "fields of a connection", origin: { Connection: "keep-alive", "Keep-Alive": "timeout=5" }, found: kept },
  { what: "close", path: { Connection: "close" }, found: ["note connection-closed: null → close"] },
  { what: "close, over HTTP/2", origin: { Connection: "close" }, pathHead: { framing: "stream", version: "2" }, found: kept },
  { what: "a coding", path: { "Content-Encoding": "gzip" }, found: ["note coding-added: null → gzip"] },
  { what: "no coding", origin: { "Content-Encoding": "br" }, found: ["note coding-removed: br → null"] },
  {
    what: "another coding",
    origin: { "Content-Encoding": "br" },
    path: { "Content-Encoding": "gzip" },
    found: ["note coding-changed: br → gzip"],
  },
  { what: "X-Accel-Buffering consumed", origin: { "X-Accel-Buffering": "no" }, found: ["note accel-buffering-removed: no → null"] },
  { what: "X-Accel-Buffering kept", origin: { "X-Accel-Buffering": "no" }, path: { "X-Accel-Buffering": "no" }, found: kept },
  { what: "X-Accel-Buffering added", path: { "X-Accel-Buffering": "no" }, found: ["note accel-buffering-added: null → no"] },
  {
    what: "caching",
    origin: { "Cache-Control": "no-cache, no-transform" },
    path: { "Cache-Control": "max-age=60" },
    found: ["warning caching-allowed: no-cache, no-transform → max-age=60"],
  },
  { what: "no Cache-Control", origin: { "Cache-Control": "no-store" }, found: ["warning caching-allowed: no-store → null"] },
  {
    what: "no-transform",
    origin: { "Cache-Control": "no-cache, no-transform" },
    path: { "Cache-Control": "no-cache" },
    found: ["note transform-allowed: no-cache, no-transform → no-cache"],
  },
  { what: "a Cache-Control", path: { "Cache-Control": "no-cache" }, found: ["note cache-control-changed: null → no-cache"] },
  {
    what: "a length",
    path: { "Content-Length": "12" },
    pathHead: { framing: "content-length" },
    found: ["warning length-added: null → 12"],
  },
  {
    what: "no length",
    origin: { "Content-Length": "12" },
    originHead: { framing: "content-length" },
    found: ["note length-removed: 12 → null"],
  },
  { what: "no framing", pathHead: { framing: "close", version: "1.0" }, found: ["warning end-unmarked: null → null"] },
  { what: "a framing", originHead: { framing: "close", version: "1.0" }, found: ["note end-marked: null → null"] },
  {
    what: "a length, over HTTP/2, where it is not kept",
    origin: { "Content-Length": "12" },
    originHead: { framing: "content-length" },
    pathHead: { framing: "stream", version: "2" },
    found: kept,
  },
  { what: "Vary", path: { Vary: "Accept-Encoding" }, found: ["note vary-added: null → Accept-Encoding"] },
  { what: "no Vary", origin: { Vary: "Accept-Encoding" }, found: ["note vary-removed: Accept-Encoding → null"] },
  { what: "another Vary", path: { Vary: "Origin" }, found: ["note +vary - ~"] },
  {
    what: "Age and Via",
    path: { Age: "0", Via: "1.1 varnish" },
    found: ["note age-added: null → 0", "note via-added: null → 1.1 varnish"],
  },
  { what: "a weak ETag", origin: { ETag: '"a"' }, path: { ETag: 'W/"a"' }, found: ['note etag-weakened: "a" → W/"a"'] },
  { what: "no ETag", origin: { ETag: '"a"' }, found: ['note etag-removed: "a" → null'] },
  { what: "another type", path: { "Content-Type": "text/html" }, found: ["error integrity type-changed"] },
  { what: "another charset", path: { "Content-Type": "text/event-stream; charset=utf-8" }, found: ["note + - ~content-type"] },
  {
    what: "others, by their names",
    origin: { "X-Request-Id": "1", "X-Old": "1", "Set-Cookie": "a=1" },
    path: { "X-Request-Id": "2", Server: "nginx", "Set-Cookie": "a=2" },
    found: ["note +server -x-old ~x-request-id,set-cookie"],
  },
];

test.each(cases)("$what", ({ origin = {}, path = {}, originHead, pathHead, found }) => {
  expect(headerChangesOf(head(path, pathHead), head(origin, originHead)).map(shortOf)).toEqual(found);
});

describe("the sentences", () => {
  it("say of each kind something else, and nothing is left open", () => {
    const all = cases.flatMap(({ origin = {}, path = {}, originHead, pathHead }) =>
      headerChangesOf(head(path, pathHead), head(origin, originHead)),
    );
    const kinds = new Set(all.map((finding) => (finding.kind === "field-changed" ? finding.change : finding.kind)));
    expect(kinds.size).toBe(22);
    expect(new Set(all.map(findingWords)).size).toBeGreaterThanOrEqual(kinds.size);
    for (const says of all.map(findingWords)) expect(says).not.toMatch(/undefined|null| {2}|: $/);
  });

  it("never have the value of another field", () => {
    const secret = { "Set-Cookie": "session=s3cret", "X-Api-Key": "s3cret", "WWW-Authenticate": "s3cret" };
    for (const [origin, path] of [
      [secret, {}],
      [{}, secret],
      [secret, { ...secret, "Set-Cookie": "session=0ther-s3cret" }],
    ] as const)
      expect(JSON.stringify(headerChangesOf(head(path), head(origin)).map((one) => ({ ...one, says: findingWords(one) })))).not.toContain(
        "s3cret",
      );
  });
});

describe("of responses", () => {
  const judged = (fields: Fields, acceptEncoding: string | null = null, status = 200) =>
    judgeResponse(
      observed(events([100, 200, 300]), {
        status,
        variation: { http: "1.1", acceptEncoding },
        headers: Object.entries(fields).map(([name, value]) => ({ name, value })),
      }),
    );
  const changesOf = (path: ReturnType<typeof judged>, origin: ReturnType<typeof judged>[]): string[] =>
    (withHeaderChanges([path], origin)[0]?.findings ?? []).filter(({ kind }) => /field/.test(kind)).map(shortOf);

  it("compares those that were asked for in the same way", () => {
    const origin = [judged({}), judged({ "Content-Encoding": "gzip" }, "gzip")];
    expect(changesOf(judged({ "Content-Encoding": "gzip" }, "gzip"), origin)).toEqual(kept);
    expect(changesOf(judged({ "Content-Encoding": "gzip" }), origin)).toEqual(["note coding-added: null → gzip"]);
  });

  it("compares nothing with another status, or without an origin", () => {
    expect(changesOf(judged({ Via: "1.1 a" }), [judged({}, null, 404)])).toEqual([]);
    expect(changesOf(judged({ Via: "1.1 a" }), [])).toEqual([]);
  });

  it("shows them once where several responses have the same, and again where they differ", () => {
    const changed = withHeaderChanges([judged({ Via: "1.1 a" }), judged({ Via: "1.1 a" }), judged({ Age: "0" })], [judged({})]);
    const text = probePretty({ ...report([], "fine"), responses: changed.map(responseReport), origin: null }, { width: 200, color: false });
    expect(text.match(/Via: 1\.1 a was added on the way/g)?.length).toBe(1);
    expect(text.match(/Age: 0 was added on the way/g)?.length).toBe(1);
  });
});
