// What a picture of a case shows, in milliseconds: a lane for each connection, and what the culprit did between two of them.
import type { Facet } from "../model/verdict.ts";
import type { CaseReport, ConnectionReport, OtherConnectionReport, ScenarioReport } from "./report.ts";
import { isWholeEnd } from "./lane-ends.ts";
import { markOf } from "./lane-mark.ts";
import type { Mark } from "./lane-mark.ts";

export interface Lane {
  label: string;
  headersAtMs: number | null;
  recordsAtMs: number[];
  endedAtMs: number | null;
  /** Whether the end was whole, where it had one. */
  isWhole: boolean;
  /** Still as the origin sent it: before the culprit. */
  isSound: boolean;
}

export interface Lanes {
  title: string;
  totalMs: number;
  lanes: Lane[];
  culprit: string;
  /** The culprit stands before the lane of this index. */
  culpritIndex: number;
  mark: Mark | null;
}

/** What a picture over time can show; of the other facets it would only show that nothing was late. */
const drawable = new Set<Facet["facet"]>(["delivery", "headers", "ending", "disconnect", "source"]);

/** The case that shows a facet; null where there is nothing to see. */
export const lanesOf = (report: ScenarioReport, facet: Facet): Lanes | null => {
  const trialCase = report.cases.find(({ id }) => id === facet.case);
  const { culprit } = facet;
  if (!trialCase || trialCase.connections.length === 0 || culprit === null || !drawable.has(facet.facet)) return null;
  const isSource = facet.facet === "source";
  // Only where the question is whose body it is do the other requests matter.
  const others = isSource ? (trialCase.others ?? []) : [];
  if (isSource && others.length === 0) return null;
  const output = trialCase.connections.findIndex(({ from }) => from === culprit);
  const soundBefore = output === -1 ? trialCase.connections.length : output;
  const mark = markOf(trialCase, facet);
  return {
    title: trialCase.title,
    totalMs: totalOf([...trialCase.connections, ...others], trialCase.writtenAtMs, mark),
    lanes: [
      writes(trialCase),
      ...trialCase.connections.map((connection, index) => passage(labelOf(connection), connection, isSource || index < soundBefore)),
      ...others.map((connection) => passage(labelOfOther(connection), connection, false)),
    ],
    culprit,
    culpritIndex: (isSource ? trialCase.connections.length : soundBefore) + 1,
    mark,
  };
};

const totalOf = (connections: readonly ConnectionReport[], writtenAtMs: readonly number[], mark: Mark | null): number => {
  const times = connections.flatMap(({ headersAtMs, endedAtMs, recordsAtMs }) => [headersAtMs, endedAtMs, ...recordsAtMs]);
  return Math.max(1, mark?.atLeastUntilMs ?? 0, ...[...writtenAtMs, ...times].filter((at) => at !== null));
};

const labelOf = ({ from, to }: ConnectionReport): string => `${from} → ${to}`;

/** `nginx → client 3`; upstream of that `origin → nginx (3)`; `(before)` for a request that a hop then repeated. */
const labelOfOther = ({ from, to, client }: OtherConnectionReport): string =>
  `${from} → ${to}${client === 1 ? " (before)" : to === "client" ? ` ${client}` : ` (${client})`}`;

const writes = ({ writtenAtMs }: CaseReport): Lane => ({
  label: "origin writes",
  headersAtMs: null,
  recordsAtMs: writtenAtMs,
  endedAtMs: null,
  isWhole: true,
  isSound: true,
});

const passage = (label: string, { headersAtMs, recordsAtMs, endedAtMs, end }: ConnectionReport, isSound: boolean): Lane => ({
  label,
  headersAtMs,
  recordsAtMs: recordsAtMs.filter((at) => at !== null),
  endedAtMs,
  isWhole: isWholeEnd(end),
  isSound,
});
