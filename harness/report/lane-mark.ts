// What the culprit did between its input and its output, as a point in time or a span of it.
import type { Facet, FacetOf } from "../model/verdict.ts";
import type { CaseReport, ConnectionReport } from "./report.ts";
import { duration } from "./text.ts";

export interface Mark {
  fromMs: number;
  /** Null: it never ended. Absent: the mark is a point. */
  toMs?: number | null;
  text: string;
  /** The picture has to reach as far. */
  atLeastUntilMs?: number;
}

/** From where bytes went in to where they came out, or where the culprit ended the stream. */
export const markOf = (trialCase: CaseReport, facet: Facet): Mark | null => {
  const input = trialCase.connections.find(({ to }) => to === facet.culprit);
  const output = trialCase.connections.find(({ from }) => from === facet.culprit);
  switch (facet.facet) {
    case "delivery": {
      const held = longestHold(input?.recordsAtMs ?? trialCase.writtenAtMs, output?.recordsAtMs ?? []);
      return held && { fromMs: held.in, toMs: held.out, text: held.out === null ? "never let out" : duration(held.out - held.in) };
    }
    case "headers": {
      const from = input?.headersAtMs ?? null;
      const to = output?.headersAtMs ?? null;
      return from === null || to === null ? null : { fromMs: from, toMs: to, text: `headers ${duration(to - from)}` };
    }
    case "ending":
      return endingMark(trialCase, facet, input, output);
    case "source": {
      const others = trialCase.others ?? [];
      return facet.observation.member === "retried"
        ? { fromMs: Math.max(...others.map(({ endedAtMs, requestedAtMs }) => endedAtMs ?? requestedAtMs)), text: "requested again" }
        : { fromMs: Math.min(...others.map(({ requestedAtMs }) => requestedAtMs)), text: "also requested by others" };
    }
    case "disconnect":
      return disconnectMark(facet, input, output);
    default:
      return null;
  }
};

const endingMark = (
  trialCase: CaseReport,
  { observation, culprit }: FacetOf<"ending">,
  input: ConnectionReport | undefined,
  output: ConnectionReport | undefined,
): Mark | null => {
  if (observation.member === "hung") {
    const fromMs = leftOpenFrom(trialCase, culprit);
    return {
      fromMs,
      toMs: null,
      text: `left open ≥ ${duration(observation.atLeastMs)}`,
      atLeastUntilMs: fromMs + observation.atLeastMs,
    };
  }
  const at = output?.endedAtMs ?? input?.endedAtMs ?? null;
  if (at === null) return null;
  return { fromMs: at, text: observation.member === "error-response" ? `answered ${observation.status}` : endings[observation.member] };
};

const endings = {
  complete: "",
  "truncated-visibly": "cut here",
  "truncated-silently": "ended here, as if whole",
  "no-response": "closed here",
  malformed: "not HTTP from here",
} as const;

/** When the culprit should have ended its response. */
const leftOpenFrom = (trialCase: CaseReport, culprit: string | null): number =>
  trialCase.connections.find(({ to }) => to === culprit)?.endedAtMs ?? trialCase.writtenAtMs.at(-1) ?? 0;

const disconnectMark = (
  { observation }: FacetOf<"disconnect">,
  input: ConnectionReport | undefined,
  output: ConnectionReport | undefined,
): Mark | null => {
  const from = leftAt(output) ?? lastOf(output);
  const to = leftAt(input) ?? lastOf(input);
  if (from === null || to === null || to < from) return null;
  return observation.member === "not-propagated"
    ? { fromMs: from, toMs: null, text: `kept ≥ ${duration(observation.atLeastMs)}` }
    : { fromMs: from, toMs: to, text: `kept ${duration(observation.afterMs)}` };
};

/** When the neighbor nearer the client closed it. */
const leftAt = (connection: ConnectionReport | undefined): number | null =>
  connection?.closings?.find(({ by }) => by === "to")?.atMs ?? null;

const lastOf = (connection: ConnectionReport | undefined): number | null =>
  connection ? Math.max(...[connection.headersAtMs, connection.endedAtMs, ...connection.recordsAtMs].filter((at) => at !== null), 0) : null;

/** The record that was held longest; one that never came out was held longest of all. */
const longestHold = (ins: readonly (number | null)[], outs: readonly (number | null)[]): { in: number; out: number | null } | null => {
  let longest: { in: number; out: number | null } | null = null;
  for (const [index, at] of ins.entries()) {
    if (at === null) continue;
    const out = outs[index] ?? null;
    if (longest === null || (longest.out !== null && (out === null || out - at > longest.out - longest.in))) longest = { in: at, out };
  }
  return longest;
};
