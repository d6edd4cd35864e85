// The report of `hopwise probe` (schema hopwise.probe/1, published with this file as probe.schema.json).
import type { Conclusion } from "../probe/judge/conclude.ts";
import type { SameCut } from "../probe/judge/cuts.ts";
import type { Finding } from "../probe/judge/findings.ts";
import type { Judged } from "../probe/judge/judge.ts";
import type { End, Variation } from "../probe/judge/observation.ts";
import type { Unit } from "../probe/judge/records.ts";
import { conclusionWords, findingWords } from "./probe-words.ts";

/** One response. Times are milliseconds since its request was sent. */
export interface ProbeResponse extends Variation {
  /** Null: no response. */
  status: number | null;
  version: "1.0" | "1.1" | "2" | "3" | null;
  contentType: string | null;
  /** Until the connection could take the request, TLS included. */
  connectMs: number;
  headersMs: number | null;
  unit: Unit;
  /** When each record arrived, heartbeats included; at most the first thousand. */
  recordsMs: number[];
  /** When each of these would have arrived if nothing had held it: only of `hopwise origin`; null for a heartbeat. */
  dueMs?: (number | null)[];
  records: number;
  /** Bytes of content, decoded. */
  bytes: number;
  coding: string;
  end: End;
  findings: Said<Finding>[];
}

export type Said<T> = T & { says: string };

export interface ProbeReport {
  schema: "hopwise.probe/1";
  tool: { name: "hopwise"; version: string };
  startedAt: string;
  tookMs: number;
  /** Without passwords, and without values of the query that may be secret. */
  url: string;
  /** Where redirects led; null: nowhere else. */
  finalUrl: string | null;
  method: string;
  /** `bad`: streams are held or cut. `open`: it could not be judged. */
  outcome: "fine" | "bad" | "open";
  interrupted: boolean;
  responses: ProbeResponse[];
  /** What `--origin` was asked for. */
  origin: { url: string; responses: ProbeResponse[] } | null;
  conclusions: Said<Conclusion | SameCut>[];
  notChecked: { what: string; why: string }[];
}

const mostTimes = 1000;
const rounded = (ms: number): number => Math.round(ms * 100) / 100;

/** No time is more precise. */
const inHundredths = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, inner: unknown) => (typeof inner === "number" ? rounded(inner) : inner)) as T;

/** A response to another request was written before this one: when, says nothing of how it was passed on. */
const dueOf = ({ known, findings }: Judged): Pick<ProbeResponse, "dueMs"> =>
  known === null || findings.some(({ kind }) => kind === "same-response")
    ? {}
    : { dueMs: known.dueMs.slice(0, mostTimes).map((ms) => (ms === null ? null : rounded(ms))) };

export const responseReport = (judged: Judged): ProbeResponse => {
  const { observed, records, findings } = judged;
  const { variation, head, connectMs, content, coding, end } = observed;
  return {
    ...variation,
    status: head?.status ?? null,
    version: head?.version ?? null,
    contentType: head?.headers.find(({ name }) => name.toLowerCase() === "content-type")?.value ?? null,
    connectMs: rounded(connectMs),
    headersMs: head === null ? null : rounded(head.atMs),
    unit: records.unit,
    recordsMs: records.arrivals.slice(0, mostTimes).map(({ atMs }) => rounded(atMs)),
    ...dueOf(judged),
    records: records.arrivals.length,
    bytes: content.length,
    coding,
    end: { ...end, atMs: rounded(end.atMs) },
    findings: findings.map((finding) => ({ ...inHundredths(finding), says: findingWords(finding) })),
  };
};

export const saidConclusion = (conclusion: Conclusion | SameCut): Said<Conclusion | SameCut> => ({
  ...conclusion,
  says: conclusionWords(conclusion),
});
