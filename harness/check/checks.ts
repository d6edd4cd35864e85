// The standard trials of `hopwise check`: what a route must do, by its purpose. Pure.
import type { BodyFormat } from "../model/body.ts";
import type { Must, RequestPlan, ResponsePlan, Trial } from "../define.ts";
import type { ClientProtocol, HeaderList } from "../model/script.ts";
import { anyAccept } from "../lab/protocol.ts";
import type { Finding } from "../report/check-report.ts";
import type { Feature } from "./configuration.ts";

export type Purpose = "sse" | "ndjson" | "download" | "llm" | "mcp" | "long-polling";

export const purposes = ["sse", "ndjson", "download", "llm", "mcp", "long-polling"] as const satisfies readonly Purpose[];

/** Of a trial that is about no facet. */
export type TestedFeature = NonNullable<Finding["feature"]>;

export interface Check {
  id: string;
  title: string;
  trial: Trial;
  request: RequestPlan;
  response: ResponsePlan;
  must: Must;
  /** Only run on routes that are used for this. */
  ifMeant?: Feature;
  /** Not run on routes that have this. */
  unless?: Feature;
  /** By which protocol, where that is not the route's usual one. */
  over?: ClientProtocol;
  /** The id of the check that it repeats by that protocol. */
  of?: string;
  /** What it tests, where that is no facet of the response. A reload has a server to itself, and comes while the stream flows. */
  feature?: TestedFeature;
  /** Concurrent streams of one address, some of which may be refused or delayed. It has a server to itself. */
  isCrowd?: true;
  /** Nothing else runs on its server meanwhile: what that keeps is measured. */
  hasOwnServer?: true;
  /** It waits for timeouts, on a copy of the server whose clock runs this many times faster, where possible. */
  timeScale?: number;
  /** The trial in its place where the clock cannot run faster. */
  inRealTime?: Trial;
  /** Of a check that waits for timeouts, in real time: how long it takes if nothing is cut. */
  takesMs?: number;
}

interface Kind {
  format: BodyFormat;
  contentType: string;
  /** What all of its clients accept: configurations may choose by it. */
  accept?: string;
  /** The body of each request, which is a POST; default: GET. */
  posts?: object;
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
  // https://platform.openai.com/docs/api-reference/chat/create
  llm: {
    format: "sse",
    contentType: "text/event-stream",
    posts: { model: "hopwise", stream: true, messages: [{ role: "user", content: "Hello" }] },
    must: { ...streamed, surviveSilenceMs: 55_000 },
  },
  // https://modelcontextprotocol.io/specification (Streamable HTTP): the response to a POST may be JSON or an event stream.
  mcp: {
    format: "sse",
    contentType: "text/event-stream",
    accept: "application/json, text/event-stream",
    posts: { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "hopwise", arguments: {} } },
    must: { ...streamed, surviveSilenceMs: 55_000 },
  },
  // An answer after up to a minute is normal, and is whole then.
  "long-polling": {
    format: "ndjson",
    contentType: "application/json",
    must: { integrity: "intact", source: "origin", end: "visibly", noticeDisconnectWithinMs: 10_000, surviveSilenceMs: 60_000 },
  },
  ndjson: { format: "ndjson", contentType: "application/x-ndjson", must: streamed },
  download: {
    format: "csv",
    contentType: "text/csv",
    must: { integrity: "intact", end: "visibly", noticeDisconnectWithinMs: 10_000, surviveSilenceMs: 20_000 },
  },
};

/** What a route has to do: its purpose, and the trials that show it. */
export interface Task {
  purpose: Purpose;
  checks: readonly Check[];
  /** What the user's own `must` requires. */
  required: ReadonlySet<keyof Must>;
}

export const mustOf = (purpose: Purpose): Must => kinds[purpose].must;

interface Draft {
  id: string;
  title: string;
  trial: Trial;
  /** Which of the requirements this trial decides. */
  decides: (keyof Must)[];
  request?: RequestPlan;
  response?: ResponsePlan;
  ifMeant?: Feature;
  unless?: Feature;
  /** Also run where a route does not say that it is for it. */
  always?: readonly Purpose[];
  feature?: TestedFeature;
  hasOwnServer?: true;
  /** In place of its share of the purpose's requirements; the user's own count as they are. */
  must?: Must;
  /** Waits for timeouts: the trial for a given wait, on the server's clock. */
  wait?: (ms: number) => Trial;
}

const delivery: (keyof Must)[] = ["deliver", "integrity", "source", "end"];

/** A minute takes a second, and timeouts of a few seconds are still longer than scheduling delays. */
export const mostTimeScale = 60;
/** On the server's clock: longer than two minutes, and equal to no common timeout. */
const waitMs = 130_000;
/** In real time: longer than a minute, the default of most servers. */
const realWaitMs = 75_000;
/** The wait is this much longer than what must be survived. */
const beyond = 1.2;
/** A stream that flows is watched longer than silence, so that it outlives what is cut for being silent. */
const flowing = 1.1;
/** A shorter wait in real time would measure scheduling delays. */
const leastMs = 1000;

const silence = (silentMs: number): Trial => ({ kind: "silence", silentMs, flowMs: Math.round(flowing * silentMs) });
const firstByte = (ms: number): Trial => ({ kind: "first-byte-wait", waitMs: ms });

const deliveries = (contentType: string): Draft[] => [
  { id: "events", title: "one record after another, as curl requests them", trial: { kind: "lock-step" }, decides: delivery },
  {
    id: "gzip",
    title: "one record after another, for a client that takes gzip, as browsers do",
    trial: { kind: "lock-step" },
    decides: delivery,
    request: { acceptEncoding: "gzip" },
  },
  {
    id: "charset",
    title: "the same with a charset in the Content-Type",
    trial: { kind: "lock-step" },
    decides: delivery,
    request: { acceptEncoding: "gzip" },
    response: { contentType: `${contentType}; charset=utf-8` },
  },
  {
    id: "brotli",
    title: "one record after another, for a client that takes brotli, as browsers do over TLS",
    trial: { kind: "lock-step" },
    decides: delivery,
    // Alone: with gzip beside it another coding would answer where brotli does not, and that is the trial above.
    request: { acceptEncoding: "br" },
    ifMeant: "brotli",
  },
  { id: "sizes", title: "records of 1 byte to 20 kB", trial: { kind: "size-sweep" }, decides: delivery },
  { id: "headers", title: "the header section ahead of the first record", trial: { kind: "header-hold" }, decides: ["headers"] },
];

const endings: readonly Draft[] = [
  {
    id: "silence",
    title: "a stream that is silent for a while, and one that flows for as long",
    trial: silence(waitMs),
    decides: ["surviveSilenceMs"],
    wait: silence,
  },
  {
    id: "first-byte",
    title: "an application that takes long to answer",
    trial: firstByte(waitMs),
    decides: ["surviveSilenceMs"],
    wait: firstByte,
  },
  { id: "origin-abort", title: "an application that aborts its response", trial: { kind: "origin-abort" }, decides: ["end"] },
  {
    id: "client-leaving",
    title: "a client that leaves",
    trial: { kind: "client-leaving" },
    decides: ["noticeDisconnectWithinMs"],
  },
  { id: "late-joiner", title: "a second and a third client of the same URL", trial: { kind: "late-joiner" }, decides: ["source"] },
];

/** The server is reloaded 0.4 s into the stream, which lasts about two seconds. `outlasting` makes it longer where a timeout ends old streams. */
export const reloadRecords = 5;

const features: readonly Draft[] = [
  {
    id: "reload",
    title: "a reload of the server in mid-stream",
    trial: { kind: "paced", records: reloadRecords },
    decides: ["end"],
    feature: "reload",
  },
  {
    id: "upgrade",
    title: "an upgrade to WebSocket",
    trial: { kind: "lock-step" },
    decides: ["end"],
    request: {
      clients: "h1-tls",
      headers: [
        ["Connection", "Upgrade"],
        ["Upgrade", "websocket"],
        ["Sec-WebSocket-Version", "13"],
        ["Sec-WebSocket-Key", "aG9wd2lzZSBob3B3aXNlIQ=="],
      ],
    },
    response: { status: 101 },
    ifMeant: "upgrade",
    feature: "upgrade",
  },
  {
    id: "upload",
    title: "a request whose content arrives in pieces",
    trial: { kind: "paced", records: 4 },
    decides: ["end"],
    request: { method: "POST", upload: { pieces: 6, pieceBytes: 200, everyMs: 200 } },
    ifMeant: "upload",
    feature: "upload",
  },
  {
    id: "slow-client",
    title: "a client that takes nothing for 3 s in the middle of a large body",
    trial: { kind: "client-stalling", stallMs: 3000 },
    decides: ["end", "integrity"],
    ifMeant: "slow-clients",
    always: ["download"],
    // The body would take far longer than the trial.
    unless: "limited-rate",
    hasOwnServer: true,
    // Nothing failed, so even a visible cut is a fault.
    must: { end: "complete", integrity: "intact" },
  },
  { id: "head", title: "HEAD and statuses without a body", trial: { kind: "bodyless" }, decides: ["end"] },
];

const drafts = (contentType: string): Draft[] => [...deliveries(contentType), ...endings, ...features];

/** The keys of `must` that at least one trial decides. */
export const decidedKeys: readonly (keyof Must)[] = [...new Set(drafts("").flatMap(({ decides }) => decides))];

/** A feature that has a request of its own kind. */
const isOwn = (feature: Feature | undefined): boolean => feature === "upgrade" || feature === "upload";

/** The trials that decide something of what must hold, each with its share of it. `maxWaitMs`: how long to wait for timeouts, on the
 *  server's clock, where the user says so. */
export const checksOf = (purpose: Purpose, must: Must = mustOf(purpose), maxWaitMs: number | null = null): Check[] => {
  const { format, contentType, accept, posts } = kinds[purpose];
  /** What the user requires in other words counts as it is. */
  const isUsual = (key: string): boolean => must[key as keyof Must] === mustOf(purpose)[key as keyof Must];
  const asking: HeaderList = accept === undefined ? [] : [["Accept", accept]];
  const posting: RequestPlan = posts === undefined ? {} : { method: "POST", content: JSON.stringify(posts) };
  const typed: HeaderList = posts === undefined ? [] : [["Content-Type", "application/json"]];
  return drafts(contentType).flatMap((draft): Check[] => {
    const { id, title, trial, decides, request = {}, response = {}, feature, wait } = draft;
    const ifMeant = draft.always?.includes(purpose) ? undefined : draft.ifMeant;
    const share = Object.fromEntries(Object.entries(must).filter(([key]) => decides.includes(key as keyof Must))) as Must;
    if (Object.keys(share).length === 0) return [];
    return [
      {
        id,
        title,
        trial,
        request: isOwn(ifMeant)
          ? { ...request, headers: [...asking, ...(request.headers ?? [])] }
          : { ...posting, ...request, headers: [...asking, ...typed, ...(request.headers ?? [])] },
        response: { format, contentType, ...response },
        // A feature is tested by a response that must be complete.
        must: feature ? { end: "complete" } : { ...share, ...only(draft.must ?? {}, (key) => key in share && isUsual(key)) },
        ...(ifMeant ? { ifMeant } : {}),
        ...(draft.unless ? { unless: draft.unless } : {}),
        ...(draft.hasOwnServer ? { hasOwnServer: true as const } : {}),
        ...(feature ? { feature } : {}),
        ...(wait ? waiting(wait, share.surviveSilenceMs ?? 0, maxWaitMs) : {}),
      },
    ];
  });
};

/** Concurrent streams of one address; each has records of its own size, so that they can be distinguished. */
export const crowdCheck = ([first]: readonly Check[], count: number): Check => ({
  id: "streams",
  title: `${count} streams at once`,
  trial: { kind: "paced", records: 4, recordBytes: Array.from({ length: count }, (_, index) => 100 + index) },
  request: first?.request ?? {},
  response: first?.response ?? {},
  must: { end: "complete" },
  isCrowd: true,
});

/** What most of the trials say that they accept: a server may choose by it where a request goes. */
export const acceptOf = (checks: readonly Check[]): string =>
  checks.flatMap(({ request }) => request.headers ?? []).find(([name]) => name.toLowerCase() === "accept")?.[1] ?? anyAccept;

/** Likewise the method. */
export const methodOf = ([first]: readonly Check[]): string => (typeof first?.request.method === "string" ? first.request.method : "GET");

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

/** How long it waits for a timeout, on the server's clock; null where it does not. */
export const waitOf = ({ trial }: Pick<Check, "trial">): number | null =>
  trial.kind === "silence" ? (trial.silentMs ?? null) : trial.kind === "first-byte-wait" ? (trial.waitMs ?? null) : null;

/** The same by the machine's own clock. */
export const inRealTime = (check: Check): Check => ({ ...check, trial: check.inRealTime ?? check.trial, timeScale: 1 });

/** An experiment on a known timeout does not have to wait as long as the first trial. */
export const shortened = (check: Check, limitMs: number): Check => {
  const { trial, timeScale, must } = check;
  const waited = waitOf(check);
  const ms = Math.round(Math.max(beyond * (must.surviveSilenceMs ?? 0), 2 * limitMs));
  if (timeScale !== 1 || waited === null || ms >= waited) return check;
  return { ...check, trial: trial.kind === "silence" ? silence(ms) : firstByte(ms), takesMs: Math.round(flowing * ms) };
};

const only = (must: Must, isWanted: (key: string) => boolean): Must =>
  Object.fromEntries(Object.entries(must).filter(([key]) => isWanted(key)));

export const isFor = ({ ifMeant, unless }: Check, ofRoute: ReadonlySet<Feature>): boolean =>
  (ifMeant === undefined || ofRoute.has(ifMeant)) && (unless === undefined || !ofRoute.has(unless));
