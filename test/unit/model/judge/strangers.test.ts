// Cases from bad hops of strangers, as traces made by hand.
import { expect, it } from "vitest";
import type { Trial } from "../../../../harness/define.ts";
import { placementOf } from "../../../../harness/model/fidelity.ts";
import { bodyOf } from "../../../../harness/model/body.ts";
import { judge } from "../../../../harness/model/judge/judge.ts";
import { heldUploads } from "../../../../harness/model/judge/upload.ts";
import type { CaseTrace, Exchange, Trace } from "../../../../harness/model/trace.ts";
import type { Facet, FacetName } from "../../../../harness/model/verdict.ts";
import { asCase, givenUpAt, holdAll, straight, traceOf } from "./traces.ts";
import type { Flow, Hop } from "./traces.ts";
import { savedTrace } from "../../../_saved-trace.ts";

const found = (trace: Trace, facet: FacetName): Pick<Facet, "observation" | "culprit">[] =>
  judge(trace)
    .facets.filter((one) => one.facet === facet)
    .map(({ observation, culprit }) => ({ observation, culprit }));

/** Holds a first block of this size, and nothing after it; the block leaves so late after it is full. */
const firstBlock =
  (block: number, lateMs: number, onFilled: (at: number) => void): Hop =>
  (input) => {
    const passed = straight(input);
    const [[at, bytes] = [0, 0], ...rest] = passed.progress.filter(([, sum]) => sum >= block);
    onFilled(at);
    return { ...passed, progress: [[at + lateMs, bytes], ...rest] };
  };

it.each([0, 4, 12, 30])("finds a first block that is held and released only one time, %i ms after it was full", (lateMs) => {
  let filledAt = 0;
  const trace = traceOf({ kind: "lock-step" }, { bad: firstBlock(1024, lateMs, (at) => (filledAt = at)) });
  // It waits for a processor meanwhile: later than the smallest ε, and the record that filled the block was not held for that.
  trace.queueDelay["bad"] = { at: [0, filledAt - 1, filledAt + lateMs], waitedMs: [0, 0, lateMs] };
  // One release may fall there by chance: two attempts show the same.
  const cases = [1, 2].flatMap((attempt) => trace.cases.map((one) => asCase(one, { attempt })));
  const [delivery] = found({ ...trace, cases }, "delivery");
  expect(delivery).toMatchObject({ culprit: "bad", observation: { member: "batched", by: "bytes" } });
  const observation = delivery?.observation as { atLeastBytes: number; atMostBytes: number };
  expect(observation.atLeastBytes).toBeLessThan(1024);
  expect(observation.atMostBytes).toBeGreaterThanOrEqual(1024);
});

/** Ends cleanly after this many pieces, while the origin continues. */
const endsAfter =
  (pieces: number): Hop =>
  (input) => {
    const progress = straight(input).progress.slice(0, pieces);
    return { ...straight(input), progress, end: { at: (progress.at(-1)?.[0] ?? 0) + 1, kind: "last-chunk", codingComplete: null } };
  };

it.each<Trial>([{ kind: "lock-step" }, { kind: "paced" }, { kind: "late-joiner" }])(
  "calls no early end a total timeout without evidence of one: %o",
  (trial) => {
    const { facets, limits } = judge(traceOf(trial, { bad: endsAfter(3) }, { confirmed: false }));
    expect(limits.map(({ kind, culprit }) => `${kind} ${culprit}`)).toEqual(["unclassified bad"]);
    expect(facets.find(({ facet }) => facet === "ending")?.evidence).not.toContain("heartbeats");
  },
);

it("distinguishes a header section that a timer releases from one that waits for bytes", () => {
  const timer: Hop = (input) => ({ ...straight(input), headersAt: input.headersAt + 350 });
  expect(found(traceOf({ kind: "header-hold" }, { bad: timer }), "headers")).toMatchObject([
    { culprit: "bad", observation: { member: "held", until: "timer" } },
  ]);
});

it("attributes one slightly late header section to the machine, and calls it neither prompt nor held", () => {
  const hiccup: Hop = (input) => ({ ...straight(input), headersAt: input.headersAt + 12.5 });
  const verdict = judge(traceOf({ kind: "header-hold" }, { bad: hiccup }));
  expect(verdict.facets.filter(({ facet }) => facet === "headers")).toEqual([]);
  expect(verdict.inconclusive).toMatchObject([
    { facet: "headers", byMachine: true, why: expect.stringMatching(/^bad passed the header section on 12\.\d ms late/) },
  ]);
});

it("calls a release after the client gave up a hang, not a complete response", () => {
  const late: Hop = (input): Flow => {
    const at = input.end.at + 2500;
    return { headersAt: at, progress: [[at, input.progress.at(-1)?.[1] ?? 0]], end: { ...input.end, at } };
  };
  const trace = traceOf({ kind: "bodyless" }, { bad: late }, { confirmed: false });
  const endedAt = Math.max(...trace.cases.map(({ endedAt: at }) => at));
  const endings = found(givenUpAt(trace, endedAt - 400, endedAt - 300), "ending");
  expect(endings).toHaveLength(3);
  for (const ending of endings) expect(ending).toMatchObject({ culprit: "bad", observation: { member: "hung" } });
});

it("finds a header section that never left", () => {
  const trace = traceOf({ kind: "header-hold" }, { bad: holdAll });
  expect(found(givenUpAt(trace, (trace.cases[0]?.endedAt ?? 0) + 2000, null), "headers")).toMatchObject([
    { culprit: "bad", observation: { member: "held", until: "never" } },
  ]);
});

const plan = { format: "sse", filler: "incompressible", recordBytes: [100, 100, 100] } as const;
const written = (nonce: string) => ({ nonce, plan: { ...plan, recordBytes: [...plan.recordBytes] }, records: 3, ended: true });

it("recognizes a body that the origin made for another trial, and blames the hop that cached it", () => {
  const body = bodyOf("zzzzzzzzzz", written("zzzzzzzzzz").plan, 3, true);
  expect(placementOf(body, [written("aaaaaaaaaa")])).toEqual({ nonce: "zzzzzzzzzz", fidelity: { kind: "foreign" }, ends: [] });
  expect(placementOf(Buffer.from("<h1>502 Bad Gateway</h1> since 2026:11:21"), [written("aaaaaaaaaa")]).nonce).toBeNull();
  const trace = traceOf({ kind: "paced" }, { a: straight, bad: straight, b: straight });
  const stored: Trace = {
    ...trace,
    cases: trace.cases.map((trialCase) => ({
      ...trialCase,
      origin: [],
      exchanges: trialCase.exchanges
        .filter(({ link }) => link >= 2)
        .map((exchange) => ({ ...exchange, nonce: "zzzzzzzzzz", fidelity: { kind: "foreign" } })),
    })),
  };
  expect(judge(stored).facets.map(({ facet, observation, culprit }) => [facet, observation.member, culprit])).toEqual([
    ["source", "cached", "bad"],
  ]);
});

it("names the records that changed their order", () => {
  const body = bodyOf("aaaaaaaaaa", written("aaaaaaaaaa").plan, 3, true);
  const swapped = Buffer.concat([body.subarray(100, 200), body.subarray(0, 100), body.subarray(200)]);
  expect(placementOf(swapped, [written("aaaaaaaaaa")]).fidelity).toMatchObject({
    kind: "altered",
    how: "changed",
    detail: expect.stringContaining("record 0 comes after record 1"),
  });
});

it.each([
  [0.5, null, "propagated"],
  [700, 600, "propagated-late"],
  [700, null, "propagated-late"],
  [121, 120.5, "propagated-on-next-write"],
])("judges a connection dropped %d ms after the client left, last written to after %d ms: %s", (afterMs, lastWriteMs, member) => {
  const trace = traceOf({ kind: "client-leaving" }, { bad: straight }, { confirmed: false });
  const [trialCase] = trace.cases;
  if (!trialCase) throw new Error("no case");
  const leftAt = 50;
  const closed = (at: number) => [{ at, by: "downstream" as const, how: "fin" as const }];
  const exchanges = trialCase.exchanges.map((exchange) => ({
    ...exchange,
    end: { ...exchange.end, kind: "open" as const },
    progress: [[0, 100], ...(lastWriteMs === null ? [] : [[leftAt + lastWriteMs, 200]])] as [number, number][],
    closings: closed(exchange.link === 1 ? leftAt : leftAt + afterMs),
  }));
  const left = {
    ...trace,
    cases: [{ ...trialCase, exchanges, clients: [{ startedAt: -4, recordsAt: [], ended: { at: leftAt, how: "left" } }] }],
  };
  expect(found(left, "disconnect")).toMatchObject([{ observation: { member } }]);
});

/** Every exchange of a link, changed. */
const relinked = (trace: Trace, link: number, change: (exchange: Exchange) => Partial<Exchange>): Trace => ({
  ...trace,
  cases: trace.cases.map((trialCase) => ({
    ...trialCase,
    exchanges: trialCase.exchanges.map((exchange) => (exchange.link === link ? { ...exchange, ...change(exchange) } : exchange)),
  })),
});

it("calls a hop's own body under the origin's status a silent truncation of that hop", () => {
  const aborted = traceOf({ kind: "origin-abort" }, { a: straight, bad: straight, b: straight });
  const own = (exchange: Exchange): Partial<Exchange> => ({
    fidelity: { kind: "foreign" },
    nonce: null,
    end: { ...exchange.end, kind: "last-chunk" },
    closings: [],
  });
  for (const ending of found(relinked(relinked(aborted, 2, own), 3, own), "ending"))
    expect(ending).toMatchObject({ culprit: "bad", observation: { member: "truncated-silently", cause: "origin-abort" } });
});

/** Closes its upstream connection at a moment, and leaves its client waiting. */
const letsGo = (trace: Trace, caseId: string, atMs: number): Trace => {
  const change = (trialCase: CaseTrace): CaseTrace => ({
    ...trialCase,
    endedAt: atMs + 4500,
    exchanges: trialCase.exchanges.map((exchange) => ({
      ...exchange,
      end: { ...exchange.end, kind: "open" as const, at: atMs },
      progress: exchange.progress.filter(([at]) => at < atMs),
      records: exchange.records.map((at) => (at !== null && at < atMs ? at : null)),
      closings: exchange.link === 0 ? [{ at: atMs, by: "downstream" as const, how: "fin" as const }] : [],
    })),
  });
  return { ...trace, cases: trace.cases.map((trialCase) => (trialCase.case.id === caseId ? change(trialCase) : trialCase)) };
};

/** A heartbeat every 300 ms, on these links. */
const beating = (trialCase: CaseTrace, reaches: (link: number) => boolean = () => true): CaseTrace => ({
  ...trialCase,
  exchanges: trialCase.exchanges.map((exchange) =>
    reaches(exchange.link)
      ? { ...exchange, progress: Array.from({ length: 10 }, (_, beat): [number, number] => [300 * beat, 100 * (beat + 1)]) }
      : { ...exchange, progress: [] },
  ),
});

it("does not call a limit a total timeout if a hop nearer the origin held the heartbeats", () => {
  const silence = traceOf({ kind: "silence" }, { holds: straight, bad: straight }, { confirmed: false });
  const cut = (trialCase: CaseTrace): CaseTrace => ({
    ...trialCase,
    endedAt: 1100,
    exchanges: trialCase.exchanges.map((exchange) => ({
      ...exchange,
      end: { at: 1000, kind: exchange.link === 2 ? ("cut-by-fin" as const) : ("open" as const), codingComplete: null },
      progress: exchange.progress.filter(([at]) => at < 1000),
      records: exchange.records.map((at) => (at !== null && at < 1000 ? at : null)),
      closings: [{ at: 1000, by: exchange.link === 2 ? ("upstream" as const) : ("downstream" as const), how: "fin" as const }],
    })),
  });
  const limitsWith = (reaches: (link: number) => boolean) =>
    judge({
      ...silence,
      cases: silence.cases.flatMap((trialCase) => [cut(trialCase), cut(beating(asCase(trialCase, { role: "heartbeats" }), reaches))]),
    }).limits;
  expect(limitsWith(() => true)).toMatchObject([{ kind: "total-timeout", culprit: "bad" }]);
  expect(limitsWith((link) => link === 0)).toMatchObject([{ kind: "unclassified", culprit: "bad" }]);
});

it("calls a hop hung that closed its upstream connection by a timeout and left its client waiting", () => {
  const alone = traceOf({ kind: "silence" }, { bad: straight }, { confirmed: false });
  const silence = {
    ...alone,
    cases: alone.cases.flatMap((trialCase) => [
      trialCase,
      beating({ ...asCase(trialCase, { role: "heartbeats" }), endedAt: trialCase.startedAt + 4000 }),
    ]),
  };
  const writtenAt = silence.cases[0]?.origin[0]?.writes.filter(({ at }) => at < 1000).at(-1)?.at ?? 0;
  const idle = letsGo(silence, "silence", writtenAt + 1000);
  expect(judge(idle).limits).toMatchObject([{ kind: "idle-timeout", culprit: "bad", seenAs: "hung" }]);
  expect(judge(letsGo(idle, "heartbeats", writtenAt + 1000)).limits).toMatchObject([
    { kind: "total-timeout", culprit: "bad", seenAs: "hung" },
  ]);
});

it("takes a full Content-Length for the end, even if the origin ends later", () => {
  const trace = traceOf({ kind: "paced" }, { bad: straight }, { confirmed: false });
  const early = [0, 1].reduce(
    (so, link) => relinked(so, link, (exchange) => ({ end: { ...exchange.end, at: exchange.progress.at(-1)?.[0] ?? 0, kind: "length" } })),
    trace,
  );
  const late = {
    ...early,
    cases: early.cases.map((trialCase) => ({
      ...trialCase,
      origin: trialCase.origin.map((one) => ({ ...one, endedAt: trialCase.endedAt })),
    })),
  };
  expect(found(late, "ending")).toMatchObject([{ culprit: null, observation: { member: "complete" } }]);
});

it("calls an immediate refusal after the header section no timeout, and a later one a timeout", () => {
  const trace = traceOf({ kind: "lock-step" }, { bad: straight });
  const answers = (at: number): Trace =>
    relinked(
      relinked(trace, 0, (exchange) => ({
        response: exchange.response && { ...exchange.response, at: 0 },
        progress: [],
        records: [],
        end: { ...exchange.end, kind: "open" },
        closings: [{ at, by: "downstream", how: "fin" }],
      })),
      1,
      (exchange) => ({
        response: exchange.response && { ...exchange.response, at, status: 502 },
        fidelity: { kind: "foreign" },
        nonce: null,
        records: [],
        progress: [[at, 100]],
        end: { ...exchange.end, at, kind: "last-chunk" },
      }),
    );
  const endingOf = (at: number) => found(answers(at), "ending")[0];
  expect(endingOf(2)).toMatchObject({ culprit: "bad", observation: { member: "error-response", cause: "own" } });
  expect(endingOf(1000)).toMatchObject({ culprit: "bad", observation: { member: "error-response", cause: "unclassified" } });
});

/** Holds a first block, and after it each record until the next one arrives: a proxy that compresses its buffer. */
const heldThenBehind =
  (bytes: number): Hop =>
  (input) => {
    const from = input.progress.findIndex(([, total]) => total >= bytes);
    const progress = input.progress.flatMap(([at, total], index): [number, number][] => {
      if (index === from) return [[at + 0.4, total]];
      const next = input.progress[index + 1];
      return index > from && next ? [[next[0] + 0.4, total]] : [];
    });
    return { ...straight(input), progress: [...progress, [input.end.at + 0.4, input.progress.at(-1)?.[1] ?? 0]] };
  };

it("calls a hop buffered that only the flood releases, whatever happens to the rest of the flood", () => {
  const [delivery] = found(traceOf({ kind: "lock-step" }, { a: straight, bad: heldThenBehind(30_000) }), "delivery");
  expect(delivery).toMatchObject({ culprit: "bad", observation: { member: "buffered", released: "flood" } });
  const observation = delivery?.observation as { atLeastBytes: number; atMostBytes: number };
  expect(observation.atLeastBytes).toBeGreaterThan(1024);
  expect(observation.atMostBytes).toBeGreaterThanOrEqual(30_000);
});

/** Passes whole buffers on, and a record that ends inside one waits for the next, but for those that end where a buffer does. */
const tails =
  (buffer: number, whole: ReadonlySet<number>): Hop =>
  (input) => {
    const progress = input.progress.flatMap(([at, total], index): [number, number][] => {
      const next = input.progress[index + 1];
      if (whole.has(index) || !next) return [[at + 0.4, total]];
      return [
        [at + 0.4, Math.floor(total / buffer) * buffer],
        [next[0] + 0.3, total],
      ];
    });
    return { ...straight(input), progress: progress.toSorted(([a], [b]) => a - b) };
  };

it("finds tails that wait for the next record, although not every record has a tail", () => {
  const bad = tails(512, new Set([3, 5, 9, 12, 15]));
  const [delivery] = found(traceOf({ kind: "lock-step", recordBytes: 700, records: 6 }, { bad }), "delivery");
  expect(delivery).toMatchObject({ culprit: "bad", observation: { member: expect.stringMatching(/batched|lagging/) } });
});

it("distinguishes an upload that passes piece by piece from one that is held until it is whole", () => {
  const plain = traceOf({ kind: "paced" }, { bad: straight });
  const upload = { pieces: 4, pieceBytes: 100, everyMs: 200 };
  const trace: Trace = {
    ...plain,
    cases: plain.cases.map((one) => ({
      ...one,
      case: { ...one.case, clients: one.case.clients.map((client) => ({ ...client, upload })) },
    })),
  };
  const pieces = [0, 200, 400, 600].map((at, index): [number, number] => [at, 100 * (index + 1)]);
  const asked = (link: number, progress: [number, number][]) => (so: Trace) =>
    relinked(so, link, (exchange) => ({ request: { ...exchange.request, progress } }));
  const given = asked(1, pieces)(trace);
  expect(
    heldUploads(
      asked(
        0,
        pieces.map(([at, bytes]) => [at + 0.4, bytes]),
      )(given),
    ),
  ).toEqual([]);
  expect(heldUploads(asked(0, [[600.5, 400]])(given))).toMatchObject([{ hop: "bad", heldForMs: 600.5 }]);
  expect(heldUploads(trace)).toEqual([]);
  // On a busy machine a hop may be late with what it has: the client had the response before it had sent everything.
  const begun = asked(1, pieces.slice(0, 3))(trace);
  expect(heldUploads(asked(0, [[600.5, 300]])(begun))).toEqual([]);
});

it("does not blame a hop that is still sending its input when the trial is over", () => {
  const trickle: Hop = (input) => {
    const bytes = input.progress.at(-1)?.[1] ?? 0;
    const from = input.end.at;
    const progress = Array.from({ length: 30 }, (_, step): [number, number] => [from + 100 * step, Math.round((bytes * (step + 1)) / 30)]);
    return { ...straight(input), progress, end: { ...input.end, at: from + 2900 } };
  };
  const trace = traceOf({ kind: "bodyless" }, { bad: trickle }, { confirmed: false });
  const over = Math.max(...trace.cases.flatMap(({ exchanges }) => exchanges.map(({ end }) => end.at))) - 400;
  const openTo = givenUpAt(trace, over, trace.cases[0]?.startedAt ?? 0);
  expect(found(openTo, "ending").filter(({ observation }) => observation.member === "hung")).toEqual([]);
});

it("blames the hop that closed first for the end of a close-delimited body", () => {
  const cuts: Hop = (input) => {
    const progress = straight(input).progress.slice(0, 3);
    return { ...straight(input), progress, end: { at: (progress.at(-1)?.[0] ?? 0) + 1000, kind: "cut-by-reset", codingComplete: null } };
  };
  const trace = traceOf({ kind: "paced" }, { bad: cuts }, { confirmed: false });
  const left: Trace = {
    ...trace,
    cases: trace.cases.map((trialCase) => {
      const at = trialCase.exchanges.find(({ link }) => link === 1)?.end.at ?? 0;
      return {
        ...trialCase,
        exchanges: trialCase.exchanges.map((exchange) => {
          if (exchange.link !== 0) return exchange;
          const progress = exchange.progress.filter(([time]) => time < at);
          return {
            ...exchange,
            progress,
            records: exchange.records.map((time) => (time !== null && time < at ? time : null)),
            // It closes its upstream connection, then the one to its client, and then the origin closes, too.
            closings: [
              { at: at - 2, by: "downstream", how: "fin" },
              { at: at + 3, by: "upstream", how: "fin" },
            ],
            end: { at: at + 3, kind: "fin-delimited", codingComplete: null },
          };
        }),
      };
    }),
  };
  expect(found(left, "ending")).toMatchObject([{ culprit: "bad", observation: { member: "truncated-visibly", how: "RST" } }]);
});

it("measures a first-byte timeout until the hop closed its upstream connection, whatever it did until its own answer", () => {
  const answered = savedTrace("answer-504-2-of-4.json");
  const laterMs = 2000;
  const asksAnother: Trace = {
    ...answered,
    cases: answered.cases.map((trialCase) => ({
      ...trialCase,
      exchanges: trialCase.exchanges.map((exchange) =>
        exchange.response === null
          ? exchange
          : {
              ...exchange,
              response: { ...exchange.response, at: exchange.response.at + laterMs },
              progress: exchange.progress.map(([at, bytes]): [number, number] => [at + laterMs, bytes]),
              end: { ...exchange.end, at: exchange.end.at + laterMs },
              closings: exchange.closings.map((closing) => ({ ...closing, at: closing.at + laterMs })),
            },
      ),
      clients: trialCase.clients.map((client) => ({
        ...client,
        ended: client.ended && { ...client.ended, at: client.ended.at + laterMs },
      })),
      endedAt: trialCase.endedAt + laterMs,
    })),
  };
  const { limits } = judge(asksAnother);
  expect(found(asksAnother, "ending")).toMatchObject([
    { culprit: "answer-504", observation: { member: "error-response", cause: "first-byte-timeout" } },
  ]);
  expect(limits).toMatchObject([{ kind: "first-byte-timeout", culprit: "answer-504" }]);
  expect(Math.abs((limits[0]?.ms ?? 0) - 600)).toBeLessThan(50);
});

it("calls an answer without a body an answer in the upstream's place, whatever its status says", () => {
  const empty = [2, 3, 4].reduce(
    (trace, link) =>
      relinked(trace, link, (exchange) => ({
        response: exchange.response && { ...exchange.response, status: 204 },
        fidelity: { kind: "intact" },
        nonce: null,
        progress: [],
      })),
    savedTrace("answer-504-2-of-4.json"),
  );
  expect(found(empty, "ending")).toMatchObject([
    { culprit: "answer-504", observation: { member: "error-response", status: 204, cause: "first-byte-timeout" } },
  ]);
});

/** The exchange of one link with something changed. */
const withGzip = (members: readonly (number | undefined)[]): Trace =>
  members.reduce<Trace>(
    (so, count, link) => relinked(so, link, () => (count === undefined ? {} : { gzipMembers: count })),
    traceOf({ kind: "paced" }, { a: straight, bad: straight, b: straight }, { confirmed: false }),
  );

it.each([
  ["by a hop", [undefined, undefined, 16, 16], "altered", "bad"],
  ["by the origin", [16, 16, 16, 16], "altered", "origin"],
  ["and joined again by a later hop", [undefined, 16, undefined, undefined], "altered", "a"],
  ["by no one", [], "intact", null],
] as const)("reports a gzip member for each record, made %s", (_, members, member, culprit) => {
  const [integrity] = found(withGzip(members), "integrity");
  expect(integrity).toMatchObject({ culprit, observation: { member } });
});

const withHeaders = (trace: Trace, link: number, fields: [string, string][], more: object = {}): Trace =>
  relinked(trace, link, (exchange) => ({
    response: exchange.response && { ...exchange.response, headers: [...exchange.response.headers, ...fields], ...more },
  }));

it.each<[what: string, given: [string, string][], gave: [string, string][], more: object, member: string]>([
  ["a Content-Length in place of chunks", [], [["content-length", "1200"]], { framing: "content-length", contentLength: 1200 }, "intact"],
  ["a content coding that no one forbade", [], [["content-encoding", "gzip"]], {}, "intact"],
  ["a content coding against no-transform", [["cache-control", "no-cache, no-transform"]], [["content-encoding", "gzip"]], {}, "altered"],
  ["the loss of grpc-status", [["grpc-status", "0"]], [], {}, "altered"],
  ["nothing", [["grpc-status", "0"]], [["grpc-status", "0"]], {}, "intact"],
])("judges the integrity of a response by meaning: %s", (_, given, gave, more, member) => {
  const trace = traceOf({ kind: "paced" }, { bad: straight }, { confirmed: false });
  const [integrity] = found(withHeaders(withHeaders(trace, 0, given), 1, gave, more), "integrity");
  expect(integrity).toMatchObject({ culprit: member === "intact" ? null : "bad", observation: { member } });
});

it.each([
  ["a reused connection that the origin closed", { isReused: true as const }, "upstream", "origin"],
  ["a new connection that the origin closed", {}, "upstream", "retried"],
  ["a reused connection that the hop itself closed", { isReused: true as const }, "downstream", "retried"],
] as const)("distinguishes a retry from a request that the upstream lost on %s", (_, reused, by, member) => {
  const trace = traceOf({ kind: "paced" }, { bad: straight }, { confirmed: false });
  const repeated: Trace = {
    ...trace,
    cases: trace.cases.map((trialCase) => {
      const [first, ...others] = trialCase.exchanges as [Exchange, ...Exchange[]];
      const lost: Exchange = {
        ...first,
        ...reused,
        connection: 7,
        response: null,
        nonce: null,
        records: [],
        progress: [],
        contentBytes: 0,
        closings: [{ at: -0.5, by, how: "fin" }],
        end: { at: -0.5, kind: "cut-by-fin", codingComplete: null },
      };
      return { ...trialCase, exchanges: [lost, first, ...others] };
    }),
  };
  expect(found(repeated, "source")).toMatchObject([{ observation: { member } }]);
});
