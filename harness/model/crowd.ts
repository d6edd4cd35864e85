// Concurrent requests: a server may refuse or delay some because trials run side by side, or from one address. Pure.
import { toleranceOf } from "./judge/tolerance.ts";
import { labFaultOf } from "./lab-fault.ts";
import type { CaseTrace, Trace } from "./trace.ts";

/** Statuses of a server that limits requests, or requires authentication (RFC 9110 §15.5, RFC 6585 §4). */
const refusing = new Set([401, 403, 413, 429, 503]);
/** The status of a server whose upstreams have no connection left (nginx: max_conns). */
const unavailable = 502;

/** The most connections that a browser opens to one host over HTTP/1.1. */
export const browserStreams = 6;

/** A request that was refused, or delayed before it reached the application. */
export interface Disturbance {
  case: string;
  client: number;
  /** Null: it was delayed. */
  status: number | null;
  /** Until the request reached the application, or the client gave up. */
  delayMs: number;
}

type Seen = Pick<Trace, "links" | "cases"> & Partial<Pick<Trace, "origin">>;

/** Longer than any delay of the machine. */
export const tooLateMs = (epsilonMs: number): number => Math.max(250, 20 * epsilonMs);

/** `scripted`: the upstreams that the configuration of the hop names; null if Hopwise gave it its only one. */
export const disturbancesIn = (seen: Seen, scripted: readonly string[] | null, lateMs: number): Disturbance[] => {
  if (seen.origin === "application") return [];
  const fault = labFaultOf(seen, scripted);
  if (fault && fault.kind !== "unreached") return [];
  return seen.cases.flatMap((trialCase) =>
    [...trialCase.case.clients.keys()].flatMap((client) => disturbanceOf(trialCase, client, seen.links.length - 1, lateMs) ?? []),
  );
};

const disturbanceOf = (observed: CaseTrace, client: number, lastLink: number, lateMs: number): Disturbance | null => {
  const { case: trialCase, exchanges } = observed;
  const given = exchanges.find((one) => one.link === lastLink && one.client === client);
  if (!given) return null;
  const asked = exchanges.find(
    (one) => one.link === 0 && (one.client === client || (one.client === null && trialCase.clients.length === 1)),
  );
  const status = given.response?.status ?? null;
  const about = { case: trialCase.id, client };
  if (!asked && status !== null && (refusing.has(status) || status === unavailable) && given.nonce === null)
    return { ...about, status, delayMs: (given.response?.at ?? 0) - given.request.at };
  // A request is late if the hop holds its content, and a client that joins others may wait for them.
  if (client > 0 || trialCase.clients[client]?.upload) return null;
  const gaveUp = observed.clients[client]?.ended;
  const until = asked?.request.at ?? (status === null && gaveUp?.how === "gave-up" ? gaveUp.at : null);
  return until !== null && until - given.request.at > lateMs ? { ...about, status: null, delayMs: until - given.request.at } : null;
};

/** The result for streams that one address opens at once. */
export interface Crowd {
  count: number;
  /** Served without delay. */
  served: number;
  refused: number;
  /** The status of the first refused stream; null: none was refused. */
  status: number | null;
  /** Of the delayed streams, in ascending order. */
  delaysMs: number[];
}

export const crowdIn = (trace: Trace, scripted: readonly string[]): Crowd => {
  const all = disturbancesIn(trace, scripted, tooLateMs(toleranceOf(trace).baseMs));
  const refused = all.filter(({ status }) => status !== null);
  const delaysMs = all.flatMap(({ status, delayMs }) => (status === null ? [delayMs] : [])).toSorted((a, b) => a - b);
  const count = trace.cases.length;
  return { count, served: count - all.length, refused: refused.length, status: refused[0]?.status ?? null, delaysMs };
};

/** The number of the first stream that is not served. Null: all are served, or none is, which does not depend on the number. */
export const firstOf = ({ count, served }: Crowd): number | null => (served === 0 || served === count ? null : served + 1);

/** The number of the first stream that is refused: those that are delayed are served. */
export const firstRefusedOf = ({ count, refused }: Crowd): number | null =>
  refused === 0 || refused === count ? null : count - refused + 1;

export const ordinal = (number: number): string => {
  const tens = number % 100;
  const suffix = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${suffix}`;
};

export const crowdSentence = (hop: string, { count, served, refused, status, delaysMs }: Crowd): string => {
  const [least = 0, most = 0] = [delaysMs[0], delaysMs.at(-1)];
  const by = delaysMs.length === 1 ? `${Math.round(least)} ms` : `${Math.round(least)} to ${Math.round(most)} ms`;
  const others = [
    ...(delaysMs.length > 0 ? [`delayed ${delaysMs.length} by ${by}`] : []),
    ...(refused > 0 ? [`answered ${refused} with ${status}`] : []),
  ];
  const passed = `of ${count} streams that one address opened at once, ${hop} passed ${served} on without delay`;
  return others.length > 0 ? `${passed}, and ${others.join(" and ")}` : passed;
};
