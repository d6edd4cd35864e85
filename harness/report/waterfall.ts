// What the pictures of a case show, in milliseconds: a lane for each connection, the hops between them, and each record from lane to lane.
import { isLimitCause } from "../model/verdict.ts";
import type { Facet } from "../model/verdict.ts";
import type { ControlFigures } from "../model/trace.ts";
import { endWords, isWholeEnd } from "./lane-ends.ts";
import { markOf } from "./lane-mark.ts";
import type { Mark } from "./lane-mark.ts";
import type { CaseReport, ConnectionReport, OtherConnectionReport, ScenarioReport } from "./report.ts";
import { duration } from "./text.ts";

export interface WaterfallLane {
  kind: "writes" | "connection" | "other" | "control";
  from: string;
  to: string;
  /** Absent: named by its two ends. */
  label?: string;
  /** Counted from 1; of other clients' lanes. */
  client: number | null;
  requestedAtMs: number | null;
  headersAtMs: number | null;
  recordsAtMs: (number | null)[];
  endedAtMs: number | null;
  /** Whether the end was whole, and what it was. */
  isWhole: boolean;
  endWords: string;
  /** The end alone is wrong. */
  isEndBad?: boolean;
  /** Still open then, when it was no longer watched. */
  openAtMs?: number;
  closings: NonNullable<ConnectionReport["closings"]>;
  /** Still as the origin sent it: before the culprit. */
  isSound: boolean;
}

/** One record, or what is missing of it, between two lanes: by index. */
export interface Join {
  from: number;
  to: number;
  record: number;
  fromMs: number;
  /** Null: it never came out. */
  toMs: number | null;
}

/** A time in which nothing arrived. */
export interface Silence {
  fromMs: number;
  toMs: number;
  text: string;
  isHarmful: boolean;
}

export interface Waterfall {
  title: string;
  totalMs: number;
  lanes: WaterfallLane[];
  joins: Join[];
  culprit: string | null;
  /** Whose body it is, is the question: what is wrong goes from one client's lane to another's. */
  isShared: boolean;
  mark: Mark | null;
  /** Of the last lane, where no other one shows what was held. */
  silences: readonly Silence[];
}

/** Of a facet's case; without a facet of the first one. Null: nothing was recorded. */
export const waterfallOf = (report: ScenarioReport, facet: Facet | null, control: ControlFigures | null): Waterfall | null => {
  const trialCase = report.cases.find(({ id }) => id === facet?.case) ?? (facet === null ? report.cases[0] : undefined);
  if (!trialCase || trialCase.connections.length === 0) return null;
  const mark = facet && facet.culprit !== null ? markIn(trialCase, facet) : null;
  const culprit = facet?.culprit ?? null;
  const own = ownLanes(trialCase, culprit, facet?.facet === "source");
  // Only where the question is whose body it is do the other requests matter.
  const others = facet?.facet === "source" ? (trialCase.others ?? []).slice(0, mostOthers).map(laneOfOther) : [];
  const straight = control && facet?.facet === "delivery" ? [controlLane(trialCase, control)] : [];
  const lanes = [...own, ...others, ...straight];
  return {
    title: trialCase.title,
    totalMs: totalOf(lanes, mark),
    lanes,
    joins: [...joinsOf(own, 0), ...joinsOfOthers(own, others)],
    culprit,
    isShared: facet?.facet === "source",
    mark,
    silences: [],
  };
};

/** Alone it must be understood without the verdict beside it: what was held, and what a timeout waited for. */
const markIn = (trialCase: CaseReport, facet: Facet): Mark | null => {
  const mark = markOf(trialCase, facet);
  if (!mark) return null;
  if (facet.facet === "delivery" && typeof mark.toMs === "number") return { ...mark, text: `held ${mark.text}` };
  if (facet.facet !== "ending" || mark.toMs !== undefined) return mark;
  const { observation, culprit } = facet;
  if (!("cause" in observation) || !("afterMs" in observation) || !isLimitCause(observation.cause)) return mark;
  const waited = observation.cause === "total-timeout" ? 0 : lastBefore(trialCase, culprit, mark.fromMs);
  return { ...mark, fromMs: waited, toMs: mark.fromMs, text: `${endedBy[observation.member]} after ${duration(observation.afterMs)}` };
};

const endedBy = {
  "truncated-visibly": "cut",
  "truncated-silently": "ended, as if whole,",
  "error-response": "answered in its place",
  "no-response": "closed",
  hung: "left open",
} as const;

/** When the hop last received anything: then a timeout began to wait. */
const lastBefore = ({ connections, writtenAtMs }: CaseReport, hop: string | null, ms: number): number =>
  Math.max(0, ...(connections.find(({ to }) => to === hop)?.recordsAtMs ?? writtenAtMs).filter((at) => at !== null && at < ms).map(Number));

const mostOthers = 6;

const ownLanes = (trialCase: CaseReport, culprit: string | null, isSource: boolean): WaterfallLane[] => {
  const output = trialCase.connections.findIndex(({ from }) => from === culprit);
  const soundBefore = isSource || output === -1 ? trialCase.connections.length : output;
  const writes: WaterfallLane = {
    ...noLane,
    kind: "writes",
    from: "origin",
    to: "origin",
    recordsAtMs: trialCase.writtenAtMs,
    isSound: true,
  };
  return [writes, ...trialCase.connections.map((connection, index) => laneOf(connection, index < soundBefore))];
};

const noLane: Pick<WaterfallLane, "client" | "requestedAtMs" | "headersAtMs" | "endedAtMs" | "isWhole" | "endWords" | "closings"> = {
  client: null,
  requestedAtMs: null,
  headersAtMs: null,
  endedAtMs: null,
  isWhole: false,
  endWords: endWords.open,
  closings: [],
};

const laneOf = (
  { from, to, headersAtMs, recordsAtMs, endedAtMs, end, closings = [] }: ConnectionReport,
  isSound: boolean,
): WaterfallLane => ({
  ...noLane,
  kind: "connection",
  from,
  to,
  headersAtMs,
  recordsAtMs,
  endedAtMs,
  isWhole: isWholeEnd(end),
  endWords: endWords[end],
  closings,
  isSound,
});

const laneOfOther = (connection: OtherConnectionReport): WaterfallLane => ({
  ...laneOf(connection, false),
  kind: "other",
  client: connection.client,
  requestedAtMs: connection.requestedAtMs,
});

/** Where the same records would have been with nothing but a straight pipe: its median transit. */
const controlLane = ({ writtenAtMs }: CaseReport, { p50Ms }: ControlFigures): WaterfallLane => ({
  ...noLane,
  kind: "control",
  from: "origin",
  to: "client",
  recordsAtMs: writtenAtMs.map((at) => at + p50Ms),
  isSound: true,
});

const joinsOf = (lanes: readonly WaterfallLane[], offset: number): Join[] =>
  lanes
    .slice(1)
    .flatMap((lane, index) =>
      (lanes[index]?.recordsAtMs ?? []).flatMap((fromMs, record): Join[] =>
        fromMs === null ? [] : [{ from: offset + index, to: offset + index + 1, record, fromMs, toMs: lane.recordsAtMs[record] ?? null }],
      ),
    );

/** A response without a request of its own upstream got its records from the first client's. */
const joinsOfOthers = (own: readonly WaterfallLane[], others: readonly WaterfallLane[]): Join[] =>
  others.flatMap((lane, index) => {
    if (others.some((one) => one.client === lane.client && one.to === lane.from)) return [];
    const source = own.findIndex(({ kind, to }) => kind === "connection" && to === lane.from);
    const records = own[source]?.recordsAtMs ?? [];
    return lane.recordsAtMs.flatMap((toMs, record): Join[] => {
      const fromMs = records[record] ?? null;
      return toMs === null || fromMs === null ? [] : [{ from: source, to: own.length + index, record, fromMs, toMs }];
    });
  });

const totalOf = (lanes: readonly WaterfallLane[], mark: Mark | null): number =>
  Math.max(
    1,
    mark?.atLeastUntilMs ?? 0,
    ...lanes.flatMap(({ headersAtMs, endedAtMs, requestedAtMs, recordsAtMs }) =>
      [headersAtMs, endedAtMs, requestedAtMs, ...recordsAtMs].filter((at) => at !== null),
    ),
  );
