// The standard trials of `hopwise check`: what is asked of a route, by what it is for. Pure.
import type { BodyFormat } from "../model/body.ts";
import type { Must, RequestPlan, ResponsePlan, Trial } from "../define.ts";
import type { HeaderList } from "../model/script.ts";
import { anyAccept } from "../lab/protocol.ts";
import type { Means } from "./configuration.ts";

export type Purpose = "sse" | "ndjson" | "download" | "llm";

export const purposes = ["sse", "ndjson", "download", "llm"] as const satisfies readonly Purpose[];

export interface Check {
  id: string;
  title: string;
  trial: Trial;
  request: RequestPlan;
  response: ResponsePlan;
  must: Must;
  /** Only played on routes that mean this. */
  ifMeant?: keyof Means;
  /** What is done to the server while the stream flows; it then has a server to itself. */
  during?: "reload";
  /** It waits for limits of time: on a copy of the server, whose clock runs so many times faster where that can be had. */
  timeScale?: number;
  /** What is played of it where it cannot. */
  inRealTime?: Trial;
  /** Of one that waits for limits, in real time: how long it takes if nothing is cut. */
  takesMs?: number;
}

interface Kind {
  format: BodyFormat;
  contentType: string;
  /** What its clients ask for, where they all ask for the same: configurations choose by it. */
  accept?: string;
  must: Must;
}

const streamed: Must = {
  deliver: "incrementally",
  headers: "promptly",
  integrity: "intact",
  source: "origin",
  end: "visibly",
  noticeDisconnectWithinMs: 1000,
  surviveSilenceMs: 20_000,
};

/** What each purpose needs. Heartbeats every 15 s are the rule for events, so that 20 s of silence must be survived. */
const kinds: Record<Purpose, Kind> = {
  // https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface
  sse: { format: "sse", contentType: "text/event-stream", accept: "text/event-stream", must: streamed },
  llm: { format: "sse", contentType: "text/event-stream", must: { ...streamed, surviveSilenceMs: 55_000 } },
  ndjson: { format: "ndjson", contentType: "application/x-ndjson", must: streamed },
  download: {
    format: "csv",
    contentType: "text/csv",
    must: { integrity: "intact", end: "visibly", noticeDisconnectWithinMs: 10_000, surviveSilenceMs: 20_000 },
  },
};

export const mustOf = (purpose: Purpose): Must => kinds[purpose].must;

interface Draft {
  id: string;
  title: string;
  trial: Trial;
  /** What of the requirements this trial can tell. */
  tells: (keyof Must)[];
  request?: RequestPlan;
  response?: ResponsePlan;
  ifMeant?: keyof Means;
  during?: "reload";
  /** Waits for limits: what is played if that is to be done for so long, on the server's clock. */
  wait?: (ms: number) => Trial;
}

const delivery: (keyof Must)[] = ["deliver", "integrity", "source", "end"];

/** Limits of a minute are found in seconds, and those of a few seconds are still no shorter than what a machine does to a stream. */
const mostTimeScale = 30;
/** On the server's clock: longer than the limits that people set, and equal to none. */
const waitMs = 97_000;
/** In real time: longer than a minute, which is the default of most. */
const realWaitMs = 75_000;
/** What must be survived is waited for, and a little longer. */
const beyond = 1.2;
/** A stream that flows is watched longer than silence, so that it outlives what is cut for being silent. */
const flowing = 1.15;
/** Less of real time than this shows the ticks of a machine. */
const leastMs = 1000;

const silence = (silentMs: number): Trial => ({ kind: "silence", silentMs, flowMs: Math.round(flowing * silentMs) });
const firstByte = (ms: number): Trial => ({ kind: "first-byte-wait", waitMs: ms });

const drafts = (contentType: string): Draft[] => [
  { id: "events", title: "one record after the other, as curl asks for them", trial: { kind: "lock-step" }, tells: delivery },
  {
    id: "gzip",
    title: "one record after the other, for a client that takes gzip, as browsers do",
    trial: { kind: "lock-step" },
    tells: delivery,
    request: { acceptEncoding: "gzip" },
  },
  {
    id: "charset",
    title: "the same with a charset in the Content-Type",
    trial: { kind: "lock-step" },
    tells: delivery,
    request: { acceptEncoding: "gzip" },
    response: { contentType: `${contentType}; charset=utf-8` },
  },
  {
    id: "brotli",
    title: "one record after the other, for a client that takes brotli, as browsers do over TLS",
    trial: { kind: "lock-step" },
    tells: delivery,
    // Alone: with gzip beside it another coding would answer where brotli does not, and that is the trial above.
    request: { acceptEncoding: "br" },
    ifMeant: "brotli",
  },
  { id: "sizes", title: "records of 1 byte to 20 kB", trial: { kind: "size-sweep" }, tells: delivery },
  { id: "headers", title: "the header section ahead of the first record", trial: { kind: "header-hold" }, tells: ["headers"] },
  {
    id: "silence",
    title: "a stream that is silent for a while, and beside it one that flows as long",
    trial: silence(waitMs),
    tells: ["surviveSilenceMs"],
    wait: silence,
  },
  {
    id: "first-byte",
    title: "an application that takes long to answer",
    trial: firstByte(waitMs),
    tells: ["surviveSilenceMs"],
    wait: firstByte,
  },
  { id: "origin-abort", title: "an application that breaks off", trial: { kind: "origin-abort" }, tells: ["end"] },
  {
    id: "client-leaving",
    title: "a client that leaves",
    trial: { kind: "client-leaving" },
    tells: ["noticeDisconnectWithinMs"],
  },
  { id: "late-joiner", title: "a second and a third client of the same URL", trial: { kind: "late-joiner" }, tells: ["source"] },
  {
    id: "reload",
    title: "a reload of the server in mid-stream",
    trial: { kind: "paced", records: 10 },
    tells: ["end"],
    during: "reload",
  },
  {
    id: "upgrade",
    title: "an upgrade to WebSocket",
    trial: { kind: "lock-step" },
    tells: ["end"],
    request: {
      tls: "http/1.1",
      headers: [
        ["Connection", "Upgrade"],
        ["Upgrade", "websocket"],
        ["Sec-WebSocket-Version", "13"],
        ["Sec-WebSocket-Key", "aG9wd2lzZSBob3B3aXNlIQ=="],
      ],
    },
    response: { status: 101 },
    ifMeant: "upgrade",
  },
  {
    id: "upload",
    title: "a request whose content comes piece by piece",
    trial: { kind: "paced", records: 4 },
    tells: ["end"],
    request: { method: "POST", upload: { pieces: 6, pieceBytes: 200, everyMs: 200 } },
    ifMeant: "upload",
  },
  { id: "head", title: "HEAD and statuses without a body", trial: { kind: "bodyless" }, tells: ["end"] },
];

/** Nothing may end early here: whoever means to do it must bring it to its end. */
const isWhole = (id: string): boolean => ["reload", "upgrade", "upload"].includes(id);

/** The trials that tell something of what must hold, each with its share of it. `maxWaitMs`: how long limits are waited for, on the
 *  server's clock, where its user says so. */
export const checksOf = (purpose: Purpose, must: Must = mustOf(purpose), maxWaitMs: number | null = null): Check[] => {
  const { format, contentType, accept } = kinds[purpose];
  const asking: HeaderList = accept === undefined ? [] : [["Accept", accept]];
  return drafts(contentType).flatMap(({ id, title, trial, tells, request = {}, response = {}, ifMeant, during, wait }): Check[] => {
    const share = Object.fromEntries(Object.entries(must).filter(([key]) => tells.includes(key as keyof Must))) as Must;
    if (Object.keys(share).length === 0) return [];
    return [
      {
        id,
        title,
        trial,
        request: { ...request, headers: [...asking, ...(request.headers ?? [])] },
        response: { format, contentType, ...response },
        must: isWhole(id) ? { end: "complete" } : share,
        ...(ifMeant ? { ifMeant } : {}),
        ...(during ? { during } : {}),
        ...(wait ? waiting(wait, share.surviveSilenceMs ?? 0, maxWaitMs) : {}),
      },
    ];
  });
};

/** What most of the trials say that they accept: a server may choose by it where a request goes. */
export const acceptOf = (checks: readonly Check[]): string =>
  checks.flatMap(({ request }) => request.headers ?? []).find(([name]) => name.toLowerCase() === "accept")?.[1] ?? anyAccept;

const waiting = (wait: (ms: number) => Trial, surviveMs: number, maxWaitMs: number | null): Partial<Check> => {
  const atLeast = (ms: number): number => maxWaitMs ?? Math.max(ms, Math.round(beyond * surviveMs));
  const ms = atLeast(waitMs);
  const realMs = atLeast(realWaitMs);
  return {
    trial: wait(ms),
    timeScale: Math.min(mostTimeScale, Math.max(1, Math.floor(ms / leastMs))),
    inRealTime: wait(realMs),
    takesMs: Math.round(flowing * realMs),
  };
};

/** How long it waits for a limit, on the server's clock; null where it does not. */
export const waitOf = ({ trial }: Pick<Check, "trial">): number | null =>
  trial.kind === "silence" ? (trial.silentMs ?? null) : trial.kind === "first-byte-wait" ? (trial.waitMs ?? null) : null;

/** The same by a clock that is everybody's. */
export const inRealTime = (check: Check): Check => ({ ...check, trial: check.inRealTime ?? check.trial, timeScale: 1 });

/** An experiment on a limit that is known need not wait as long as it took to look for one. */
export const shortened = (check: Check, limitMs: number): Check => {
  const { trial, timeScale, must } = check;
  const waited = waitOf(check);
  const ms = Math.round(Math.max(beyond * (must.surviveSilenceMs ?? 0), 2 * limitMs));
  if (timeScale !== 1 || waited === null || ms >= waited) return check;
  return { ...check, trial: trial.kind === "silence" ? silence(ms) : firstByte(ms), takesMs: Math.round(flowing * ms) };
};
