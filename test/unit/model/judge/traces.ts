// Traces made by hand: the record times of an origin, passed through hops that are functions of their input.
import { recordOffsets } from "../../../../harness/model/body.ts";
import { identified } from "../../../../harness/model/case-identity.ts";
import type { CaseIdentity } from "../../../../harness/model/case-identity.ts";
import type { Case } from "../../../../harness/model/script.ts";
import type { CaseTrace, Exchange, ExchangeEnd, Trace } from "../../../../harness/model/trace.ts";
import { firstCases } from "../../../../harness/model/first-cases.ts";
import type { Trial } from "../../../../harness/define.ts";

/** What a link carried: when the header section came, when how much content was there, and the end. */
export interface Flow {
  headersAt: number;
  progress: [at: number, bytes: number][];
  end: ExchangeEnd;
}

export type Hop = (input: Flow) => Flow;

const lagMs = 0.4;
const later = (at: number): number => at + lagMs;

export const straight: Hop = (input) => ({
  headersAt: later(input.headersAt),
  progress: input.progress.map(([at, bytes]) => [later(at), bytes]),
  end: { ...input.end, at: later(input.end.at) },
});

export const holdAll: Hop = (input) => {
  const at = later(input.end.at);
  return { headersAt: later(input.headersAt), progress: [[at, input.progress.at(-1)?.[1] ?? 0]], end: { ...input.end, at } };
};

export const releaseEvery =
  (quantum: number): Hop =>
  (input) => {
    const progress: [number, number][] = [];
    for (const [at, bytes] of input.progress) {
      const whole = Math.floor(bytes / quantum) * quantum;
      if (whole > (progress.at(-1)?.[1] ?? 0)) progress.push([later(at), whole]);
    }
    const total = input.progress.at(-1)?.[1] ?? 0;
    const at = later(input.end.at);
    if (total > (progress.at(-1)?.[1] ?? 0)) progress.push([at, total]);
    return { headersAt: later(input.headersAt), progress, end: { ...input.end, at } };
  };

export const after =
  (k: number): Hop =>
  (input) => {
    const total = input.progress.at(-1)?.[1] ?? 0;
    const at = later(input.end.at);
    const progress = input.progress.flatMap(([, bytes], index): [number, number][] => {
      const next = input.progress[index + k];
      return next ? [[later(next[0]), bytes]] : [];
    });
    return { headersAt: later(input.headersAt), progress: [...progress, [at, total]], end: { ...input.end, at } };
  };

export const cork =
  (timerMs: number): Hop =>
  (input) => {
    const progress: [number, number][] = [];
    let releaseAt = -Infinity;
    for (const [at, bytes] of input.progress) {
      if (at > releaseAt) {
        releaseAt = at + timerMs;
        progress.push([releaseAt, bytes]);
      } else {
        const last = progress.at(-1);
        if (last) last[1] = bytes;
      }
    }
    return { headersAt: later(input.headersAt), progress, end: { ...input.end, at: Math.max(later(input.end.at), releaseAt) } };
  };

export const holdHeaders: Hop = (input) => ({ ...straight(input), headersAt: later(input.progress[0]?.[0] ?? input.end.at) });

export const cleanEnd: Hop = (input) => ({
  ...straight(input),
  end: { at: later(input.end.at), kind: "last-chunk", codingComplete: null },
});

/** What an origin did, and what left it. */
export interface OriginRun {
  flow: Flow;
  writes: { at: number; records: number }[];
  aborted: boolean;
  unacknowledged: { record: number; at: number } | null;
}

/** Runs the script of a case; with `confirmed` false, as if no record were ever confirmed. */
const originFlow = (trialCase: Case, confirmed: boolean): OriginRun => {
  const offsets = recordOffsets(trialCase.script.body.recordBytes);
  let at = 0;
  let records = 0;
  let headersAt = 0;
  let aborted = false;
  const writes: { at: number; records: number }[] = [];
  const write = (): void => {
    records++;
    writes.push({ at, records });
  };
  for (const step of trialCase.script.steps) {
    if ("only" in step && step.only === "unacknowledged" && confirmed) continue;
    if (step.do === "headers") headersAt = at;
    else if (step.do === "pause") at += step.ms;
    else if (step.do === "lock-step") {
      for (let index = 0; index < step.records; index++) {
        write();
        // The first unconfirmed record takes the patience; the rest is then written immediately.
        at += confirmed ? 2 : index === 0 ? step.patienceMs : 0;
      }
    } else if (step.do === "write" || step.do === "write-until-gone")
      for (let index = 0; index < step.records; index++) {
        if (index > 0) at += step.everyMs;
        write();
      }
    else if (step.do === "abort") aborted = true;
  }
  const progress = writes.map(({ at: wroteAt, records: count }): [number, number] => [wroteAt, offsets[count] ?? 0]);
  const end: ExchangeEnd = { at, kind: aborted ? "cut-by-reset" : "last-chunk", codingComplete: null };
  return { flow: { headersAt, progress, end }, writes, aborted, unacknowledged: confirmed ? null : { record: 0, at: 1000 } };
};

/** The same as another case of the trial. */
export const asCase = (trialCase: CaseTrace, change: Partial<CaseIdentity>): CaseTrace => ({
  ...trialCase,
  case: identified(trialCase.case, change),
});

/** The same as the next attempt. */
export const asNextAttempt = (trialCase: CaseTrace): CaseTrace => asCase(trialCase, { attempt: trialCase.case.attempt + 1 });

/** A trace of one trial through hops, judged at the client. */
export const traceOf = (
  trial: Trial,
  hops: Record<string, Hop>,
  options: { confirmed?: boolean; p99Ms?: number; cases?: Case[]; originOf?: (trialCase: Case) => OriginRun } = {},
): Trace => {
  const names = Object.keys(hops);
  const circumstances = { request: {}, response: {}, epsilonMs: 5, limitMs: null };
  const confirmed = options.confirmed ?? Object.values(hops).every((hop) => hop === straight);
  const cases = (options.cases ?? firstCases(trial, circumstances)).map((trialCase): CaseTrace => {
    const { flow, writes, aborted, unacknowledged } = options.originOf?.(trialCase) ?? originFlow(trialCase, confirmed);
    const flows = [straight(flow)];
    for (const name of names) flows.push((hops[name] ?? straight)(flows.at(-1) ?? flow));
    const offsets = recordOffsets(trialCase.script.body.recordBytes).slice(1, writes.length + 1);
    const endedAt = Math.max(...flows.map(({ end }) => end.at)) + 1;
    const exchanges = flows.map((each, link) => exchangeOf(each, link, offsets));
    const recordsAt = options.originOf ? (exchanges.at(-1)?.records ?? []).filter((at) => at !== null) : [];
    return {
      case: trialCase,
      startedAt: -5,
      endedAt,
      origin: [
        {
          nonce: "aaaaaaaaaa",
          request: { token: "tokentok", client: 0 },
          connection: 0,
          startedAt: -1,
          requestVersion: "1.1",
          method: "GET",
          target: "/stream?hopwise=tokentok",
          requestHeaders: [],
          headersAt: flow.headersAt,
          writes,
          endedAt: aborted ? null : flow.end.at,
          aborted: aborted ? { at: flow.end.at, how: "reset" } : null,
          unacknowledged,
          gone: null,
          bytesWritten: flow.progress.at(-1)?.[1] ?? 0,
          bytesTaken: flow.progress.at(-1)?.[1] ?? 0,
          problem: null,
        },
      ],
      exchanges,
      clients: [{ startedAt: -4, recordsAt, ended: { at: endedAt, how: "complete" } }],
    };
  });
  return {
    schema: "hopwise.trace/1",
    runtime: "process",
    timeScale: 1,
    nodes: ["origin", ...names, "client"],
    links: ["origin", ...names].map((from, index) => ({ from, to: names[index] ?? "client", level: "decoded" as const })),
    cases,
    control: { samples: 200, p50Ms: 0.1, p99Ms: options.p99Ms ?? 0.3, maxMs: 1, netP99Ms: options.p99Ms ?? 0.3 },
    queueDelay: {},
    harnessFault: null,
  };
};

const exchangeOf = (flow: Flow, link: number, offsets: readonly number[]): Exchange => ({
  link,
  connection: 0,
  client: 0,
  request: { at: -1 - link * 0.1, method: "GET", target: "/stream?hopwise=tokentok", version: "1.1", headers: [] },
  interim: [],
  response: {
    at: flow.headersAt,
    version: "1.1",
    status: 200,
    headers: [["content-type", "text/event-stream"]],
    framing: "chunked",
    contentLength: null,
  },
  nonce: flow.progress.length > 0 ? "aaaaaaaaaa" : null,
  records: offsets.map((end) => flow.progress.find(([, bytes]) => bytes >= end)?.[0] ?? null),
  progress: flow.progress,
  contentBytes: flow.progress.at(-1)?.[1] ?? 0,
  fidelity: { kind: "intact" },
  end: flow.end,
  problems: [],
  closings: flow.end.kind === "cut-by-reset" ? [{ at: flow.end.at, by: "upstream", how: "reset" }] : [],
  blocked: [],
  droppedBytes: 0,
});

/** The last link as if the client had got tired of waiting at a moment. */
export const givenUpAt = (trace: Trace, at: number, headersAt: number | null): Trace => ({
  ...trace,
  cases: trace.cases.map((trialCase) => ({
    ...trialCase,
    clients: trialCase.clients.map((client) => ({ ...client, ended: { at, how: "gave-up" } })),
    exchanges: trialCase.exchanges.map((exchange) =>
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
