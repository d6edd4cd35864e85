// What bad hops of strangers have taught the judge, as traces made by hand.
import { expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Trial } from "../../../harness/define.ts";
import { placementOf } from "../../../harness/model/fidelity.ts";
import { bodyOf } from "../../../harness/model/body.ts";
import { judge } from "../../../harness/model/judge/judge.ts";
import { heldUploads } from "../../../harness/model/judge/upload.ts";
import type { ArmTrace, Exchange, Trace } from "../../../harness/model/trace.ts";
import type { Facet, FacetName } from "../../../harness/model/verdict.ts";
import { holdAll, straight, traceOf } from "./traces.ts";
import type { Flow, Hop } from "./traces.ts";

const found = (trace: Trace, facet: FacetName): Pick<Facet, "finding" | "culprit">[] =>
  judge(trace)
    .facets.filter((one) => one.facet === facet)
    .map(({ finding, culprit }) => ({ finding, culprit }));

/** Keeps a first block of so many bytes back, and nothing behind it. */
const firstBlock =
  (block: number): Hop =>
  (input) => {
    const passed = straight(input);
    return { ...passed, progress: passed.progress.filter(([, bytes]) => bytes >= block) };
  };

it("finds a first block that is held although it is let go only once", () => {
  const [delivery] = found(traceOf({ kind: "lock-step" }, { bad: firstBlock(1024) }), "delivery");
  expect(delivery).toMatchObject({ culprit: "bad", finding: { member: "batched", by: "bytes" } });
  const finding = delivery?.finding as { atLeastBytes: number; atMostBytes: number };
  expect(finding.atLeastBytes).toBeLessThan(1024);
  expect(finding.atMostBytes).toBeGreaterThanOrEqual(1024);
});

/** Ends cleanly after so many pieces, while the origin goes on. */
const endsAfter =
  (pieces: number): Hop =>
  (input) => {
    const progress = straight(input).progress.slice(0, pieces);
    return { ...straight(input), progress, end: { at: (progress.at(-1)?.[0] ?? 0) + 1, kind: "last-chunk", codingComplete: null } };
  };

it.each<Trial>([{ kind: "lock-step" }, { kind: "paced" }, { kind: "late-joiner" }])(
  "calls no early end a total limit where nothing tells of one: %o",
  (trial) => {
    const { facets, limits } = judge(traceOf(trial, { bad: endsAfter(3) }, { confirmed: false }));
    expect(limits.map(({ kind, culprit }) => `${kind} ${culprit}`)).toEqual(["limit-unclassified bad"]);
    expect(facets.find(({ facet }) => facet === "ending")?.evidence).not.toContain("heartbeats");
  },
);

it("tells a header section that a timer lets go from one that waits for bytes", () => {
  const timer: Hop = (input) => ({ ...straight(input), headersAt: input.headersAt + 350 });
  expect(found(traceOf({ kind: "header-hold" }, { bad: timer }), "headers")).toMatchObject([
    { culprit: "bad", finding: { member: "held", until: "timer" } },
  ]);
});

it("takes one header section that is a little late for the machine's own doing, and tells neither the one nor the other", () => {
  const hiccup: Hop = (input) => ({ ...straight(input), headersAt: input.headersAt + 12.5 });
  const verdict = judge(traceOf({ kind: "header-hold" }, { bad: hiccup }));
  expect(verdict.facets.filter(({ facet }) => facet === "headers")).toEqual([]);
  expect(verdict.undecided).toMatchObject([
    { facet: "headers", byMachine: true, why: expect.stringMatching(/^bad let the header section go 12\.\d ms late/) },
  ]);
});

/** The last link as if the client had got tired of waiting at a moment. */
const givenUpAt = (trace: Trace, at: number, headersAt: number | null): Trace => ({
  ...trace,
  arms: trace.arms.map((arm) => ({
    ...arm,
    clients: arm.clients.map((client) => ({ ...client, ended: { at, how: "gave-up" } })),
    exchanges: arm.exchanges.map((exchange) =>
      exchange.link < trace.links.length - 1
        ? exchange
        : {
            ...exchange,
            closings: [{ at, by: "downstream", how: "fin" }],
            ...(headersAt === null
              ? { response: null, nonce: null, end: { ...exchange.end, kind: "open" as const } }
              : { response: exchange.response && { ...exchange.response, at: headersAt } }),
          },
    ),
  })),
});

it("takes what is let go after the client gave up for what it is: a hang, not a whole response", () => {
  const late: Hop = (input): Flow => {
    const at = input.end.at + 2500;
    return { headersAt: at, progress: [[at, input.progress.at(-1)?.[1] ?? 0]], end: { ...input.end, at } };
  };
  const trace = traceOf({ kind: "bodyless" }, { bad: late }, { confirmed: false });
  const endedAt = Math.max(...trace.arms.map(({ endedAt: at }) => at));
  const endings = found(givenUpAt(trace, endedAt - 400, endedAt - 300), "ending");
  expect(endings).toHaveLength(3);
  for (const ending of endings) expect(ending).toMatchObject({ culprit: "bad", finding: { member: "hung" } });
});

it("finds a header section that never came out", () => {
  const trace = traceOf({ kind: "header-hold" }, { bad: holdAll });
  expect(found(givenUpAt(trace, (trace.arms[0]?.endedAt ?? 0) + 2000, null), "headers")).toMatchObject([
    { culprit: "bad", finding: { member: "held", until: "never" } },
  ]);
});

const plan = { format: "sse", filler: "incompressible", recordBytes: [100, 100, 100] } as const;
const written = (nonce: string) => ({ nonce, plan: { ...plan, recordBytes: [...plan.recordBytes] }, records: 3, ended: true });

it("knows a body that the origin made for another trial, and blames the hop that had it", () => {
  const body = bodyOf("zzzzzzzzzz", written("zzzzzzzzzz").plan, 3, true);
  expect(placementOf(body, [written("aaaaaaaaaa")])).toEqual({ nonce: "zzzzzzzzzz", fidelity: { kind: "foreign" }, ends: [] });
  expect(placementOf(Buffer.from("<h1>502 Bad Gateway</h1> since 2026:11:21"), [written("aaaaaaaaaa")]).nonce).toBeNull();
  const trace = traceOf({ kind: "paced" }, { a: straight, bad: straight, b: straight });
  const stored: Trace = {
    ...trace,
    arms: trace.arms.map((arm) => ({
      ...arm,
      origin: [],
      exchanges: arm.exchanges
        .filter(({ link }) => link >= 2)
        .map((exchange) => ({ ...exchange, nonce: "zzzzzzzzzz", fidelity: { kind: "foreign" } })),
    })),
  };
  expect(judge(stored).facets.map(({ facet, finding, culprit }) => [facet, finding.member, culprit])).toEqual([
    ["source", "cached", "bad"],
  ]);
});

it("says which record stands behind which, where the order is another", () => {
  const body = bodyOf("aaaaaaaaaa", written("aaaaaaaaaa").plan, 3, true);
  const swapped = Buffer.concat([body.subarray(100, 200), body.subarray(0, 100), body.subarray(200)]);
  expect(placementOf(swapped, [written("aaaaaaaaaa")]).fidelity).toMatchObject({
    kind: "altered",
    how: "changed",
    detail: expect.stringContaining("record 0 comes behind record 1"),
  });
});

it.each([
  [0.5, null, "at-once"],
  [700, 600, "late"],
  [700, null, "late"],
  [121, 120.5, "on-next-write"],
])("tells a connection dropped %d ms after the client left, last written to after %d ms: %s", (afterMs, lastWriteMs, member) => {
  const trace = traceOf({ kind: "client-leaving" }, { bad: straight }, { confirmed: false });
  const [arm] = trace.arms;
  if (!arm) throw new Error("no arm");
  const leftAt = 50;
  const closed = (at: number) => [{ at, by: "downstream" as const, how: "fin" as const }];
  const exchanges = arm.exchanges.map((exchange) => ({
    ...exchange,
    end: { ...exchange.end, kind: "open" as const },
    progress: [[0, 100], ...(lastWriteMs === null ? [] : [[leftAt + lastWriteMs, 200]])] as [number, number][],
    closings: closed(exchange.link === 1 ? leftAt : leftAt + afterMs),
  }));
  const left = { ...trace, arms: [{ ...arm, exchanges, clients: [{ startedAt: -4, recordsAt: [], ended: { at: leftAt, how: "left" } }] }] };
  expect(found(left, "disconnect")).toMatchObject([{ finding: { member } }]);
});

/** Every exchange of a link, changed. */
const relinked = (trace: Trace, link: number, change: (exchange: Exchange) => Partial<Exchange>): Trace => ({
  ...trace,
  arms: trace.arms.map((arm) => ({
    ...arm,
    exchanges: arm.exchanges.map((exchange) => (exchange.link === link ? { ...exchange, ...change(exchange) } : exchange)),
  })),
});

it("takes words of a hop's own under the origin's status for a truncation that nobody sees, and not for the origin's doing", () => {
  const aborted = traceOf({ kind: "origin-abort" }, { a: straight, bad: straight, b: straight });
  const own = (exchange: Exchange): Partial<Exchange> => ({
    fidelity: { kind: "foreign" },
    nonce: null,
    end: { ...exchange.end, kind: "last-chunk" },
    closings: [],
  });
  for (const ending of found(relinked(relinked(aborted, 2, own), 3, own), "ending"))
    expect(ending).toMatchObject({ culprit: "bad", finding: { member: "incomplete-silent", cause: "origin-abort" } });
});

/** Lets go of its upstream at a moment, and tells its client nothing. */
const letsGo = (trace: Trace, armId: string, atMs: number): Trace => {
  const change = (arm: ArmTrace): ArmTrace => ({
    ...arm,
    endedAt: atMs + 4500,
    exchanges: arm.exchanges.map((exchange) => ({
      ...exchange,
      end: { ...exchange.end, kind: "open" as const, at: atMs },
      progress: exchange.progress.filter(([at]) => at < atMs),
      records: exchange.records.map((at) => (at !== null && at < atMs ? at : null)),
      closings: exchange.link === 0 ? [{ at: atMs, by: "downstream" as const, how: "fin" as const }] : [],
    })),
  });
  return { ...trace, arms: trace.arms.map((arm) => (arm.arm.id === armId ? change(arm) : arm)) };
};

/** A heartbeat every 300 ms, on these links. */
const beating = (arm: ArmTrace, reaches: (link: number) => boolean = () => true): ArmTrace => ({
  ...arm,
  exchanges: arm.exchanges.map((exchange) =>
    reaches(exchange.link)
      ? { ...exchange, progress: Array.from({ length: 10 }, (_, beat): [number, number] => [300 * beat, 100 * (beat + 1)]) }
      : { ...exchange, progress: [] },
  ),
});

it("does not call a limit a total one where a hop nearer the origin kept the heartbeats", () => {
  const silence = traceOf({ kind: "silence" }, { holds: straight, bad: straight }, { confirmed: false });
  const cut = (arm: ArmTrace): ArmTrace => ({
    ...arm,
    endedAt: 1100,
    exchanges: arm.exchanges.map((exchange) => ({
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
      arms: silence.arms.flatMap((arm) => [cut(arm), cut(beating({ ...arm, arm: { ...arm.arm, id: "heartbeats" } }, reaches))]),
    }).limits;
  expect(limitsWith(() => true)).toMatchObject([{ kind: "total-limit", culprit: "bad" }]);
  expect(limitsWith((link) => link === 0)).toMatchObject([{ kind: "limit-unclassified", culprit: "bad" }]);
});

it("calls a hop hung that let go of its upstream by a limit of its own and left its client waiting", () => {
  const alone = traceOf({ kind: "silence" }, { bad: straight }, { confirmed: false });
  const silence = {
    ...alone,
    arms: alone.arms.flatMap((arm) => [arm, beating({ ...arm, endedAt: arm.startedAt + 4000, arm: { ...arm.arm, id: "heartbeats" } })]),
  };
  const writtenAt = silence.arms[0]?.origin[0]?.writes.filter(({ at }) => at < 1000).at(-1)?.at ?? 0;
  const idle = letsGo(silence, "silence", writtenAt + 1000);
  expect(judge(idle).limits).toMatchObject([{ kind: "idle-limit", culprit: "bad", tells: "hung" }]);
  expect(judge(letsGo(idle, "heartbeats", writtenAt + 1000)).limits).toMatchObject([
    { kind: "total-limit", culprit: "bad", tells: "hung" },
  ]);
});

it("takes a Content-Length that is met for the end, whenever the origin itself ends", () => {
  const trace = traceOf({ kind: "paced" }, { bad: straight }, { confirmed: false });
  const early = [0, 1].reduce(
    (so, link) => relinked(so, link, (exchange) => ({ end: { ...exchange.end, at: exchange.progress.at(-1)?.[0] ?? 0, kind: "length" } })),
    trace,
  );
  const late = {
    ...early,
    arms: early.arms.map((arm) => ({ ...arm, origin: arm.origin.map((one) => ({ ...one, endedAt: arm.endedAt })) })),
  };
  expect(found(late, "ending")).toMatchObject([{ culprit: null, finding: { member: "complete" } }]);
});

it("calls a refusal that follows the header section at once no limit of time, and one that follows it later a limit", () => {
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
  expect(endingOf(2)).toMatchObject({ culprit: "bad", finding: { member: "error-response", cause: "own" } });
  expect(endingOf(1000)).toMatchObject({ culprit: "bad", finding: { member: "error-response", cause: "limit-unclassified" } });
});

/** Holds the first so many bytes, and from then on each record until the next one comes: a proxy that compresses what it has buffered. */
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

it("calls held what only the flood lets go, whatever happens to the rest of the flood", () => {
  const [delivery] = found(traceOf({ kind: "lock-step" }, { a: straight, bad: heldThenBehind(30_000) }), "delivery");
  expect(delivery).toMatchObject({ culprit: "bad", finding: { member: "batched", by: "bytes" } });
  const finding = delivery?.finding as { atLeastBytes: number; atMostBytes: number };
  expect(finding.atLeastBytes).toBeGreaterThan(1024);
  expect(finding.atMostBytes).toBeGreaterThanOrEqual(30_000);
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

it("finds tails that wait for the next record although not every record has one", () => {
  const bad = tails(512, new Set([3, 5, 9, 12, 15]));
  const [delivery] = found(traceOf({ kind: "lock-step", recordBytes: 700, records: 6 }, { bad }), "delivery");
  expect(delivery).toMatchObject({ culprit: "bad", finding: { member: expect.stringMatching(/batched|lagging/) } });
});

it("tells an upload that passes piece by piece from one that is kept until it is whole", () => {
  const trace = traceOf({ kind: "paced" }, { bad: straight });
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
});

it("lets a hop finish that is still sending what it was given when the trial is over", () => {
  const trickle: Hop = (input) => {
    const bytes = input.progress.at(-1)?.[1] ?? 0;
    const from = input.end.at;
    const progress = Array.from({ length: 30 }, (_, step): [number, number] => [from + 100 * step, Math.round((bytes * (step + 1)) / 30)]);
    return { ...straight(input), progress, end: { ...input.end, at: from + 2900 } };
  };
  const trace = traceOf({ kind: "bodyless" }, { bad: trickle }, { confirmed: false });
  const over = Math.max(...trace.arms.flatMap(({ exchanges }) => exchanges.map(({ end }) => end.at))) - 400;
  const openTo = givenUpAt(trace, over, trace.arms[0]?.startedAt ?? 0);
  expect(found(openTo, "ending").filter(({ finding }) => finding.member === "hung")).toEqual([]);
});

it("charges the end of a body that closing delimits to the hop that left first", () => {
  const cuts: Hop = (input) => {
    const progress = straight(input).progress.slice(0, 3);
    return { ...straight(input), progress, end: { at: (progress.at(-1)?.[0] ?? 0) + 1000, kind: "cut-by-reset", codingComplete: null } };
  };
  const trace = traceOf({ kind: "paced" }, { bad: cuts }, { confirmed: false });
  const left: Trace = {
    ...trace,
    arms: trace.arms.map((arm) => {
      const at = arm.exchanges.find(({ link }) => link === 1)?.end.at ?? 0;
      return {
        ...arm,
        exchanges: arm.exchanges.map((exchange) => {
          if (exchange.link !== 0) return exchange;
          const progress = exchange.progress.filter(([time]) => time < at);
          return {
            ...exchange,
            progress,
            records: exchange.records.map((time) => (time !== null && time < at ? time : null)),
            // It lets go of its upstream, tells its client, and then the origin closes, too.
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
  expect(found(left, "ending")).toMatchObject([{ culprit: "bad", finding: { member: "incomplete-visible", how: "RST" } }]);
});

it("tells a limit on the first byte from when the hop let go of its upstream, whatever it did until it answered", () => {
  const answered = JSON.parse(readFileSync(join(import.meta.dirname, "../../traces/answer-504-2-of-4.json"), "utf8")) as Trace;
  const laterMs = 2000;
  const asksAnother: Trace = {
    ...answered,
    arms: answered.arms.map((arm) => ({
      ...arm,
      exchanges: arm.exchanges.map((exchange) =>
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
      clients: arm.clients.map((client) => ({ ...client, ended: client.ended && { ...client.ended, at: client.ended.at + laterMs } })),
      endedAt: arm.endedAt + laterMs,
    })),
  };
  const { limits } = judge(asksAnother);
  expect(found(asksAnother, "ending")).toMatchObject([
    { culprit: "answer-504", finding: { member: "error-response", cause: "first-byte-limit" } },
  ]);
  expect(limits).toMatchObject([{ kind: "first-byte-limit", culprit: "answer-504" }]);
  expect(Math.abs((limits[0]?.ms ?? 0) - 600)).toBeLessThan(50);
});
