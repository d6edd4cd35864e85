// A probed response as a picture: its own lane, and above it when its records were due, or when the origin itself sent them.
import type { Facet } from "../probe/judge/findings.ts";
import type { Mark } from "./lane-mark.ts";
import type { ProbeReport, ProbeResponse } from "./probe-report.ts";
import { silencesOf } from "./probe-silences.ts";
import { duration } from "./text.ts";
import type { Join, Waterfall, WaterfallLane } from "./waterfall.ts";

/** Their names are not known to a client. */
const hops = "hops in between";

/** Null: there is nothing to draw. `direct`: the response of the origin to compare with. */
export const probeWaterfall = (response: ProbeResponse, direct: ProbeResponse | null, report: ProbeReport): Waterfall | null => {
  if (response.headersMs === null || response.end.atMs <= 0) return null;
  const reference = referenceOf(response, direct);
  const isSound = !(["delivery", "headers", "source", "integrity"] as const).some((facet) => isBad(response, facet));
  const own = { ...laneOf(response, reference ? "at the client" : "response", isSound), isEndBad: isBad(response, "ending") };
  const mark = reference && markOf(response, reference, report);
  return {
    title: titleOf(response, reference),
    totalMs: Math.max(1, response.end.atMs, reference?.untilMs ?? 0),
    lanes: reference
      ? [
          { ...reference.lane, to: hops },
          { ...own, from: hops },
        ]
      : [own],
    joins: reference ? joinsOf(reference.lane, own) : [],
    culprit: mark ? hops : null,
    isShared: false,
    mark,
    silences: mark ? [] : silencesOf(response),
  };
};

/** With what a response is compared: the same way to ask, over any version. */
export const directOf = ({ acceptEncoding, isAgain }: ProbeResponse, { origin }: ProbeReport): ProbeResponse | null =>
  (isAgain ? undefined : origin?.responses.find((one) => one.headersMs !== null && one.acceptEncoding === acceptEncoding)) ?? null;

/** With what a lane is joined. */
interface Reference {
  lane: WaterfallLane;
  /** Of the same request: what differs happened on the way. */
  isProof: boolean;
  untilMs: number;
}

const referenceOf = ({ dueMs }: ProbeResponse, direct: ProbeResponse | null): Reference | null => {
  if (dueMs) return { lane: dueLane(dueMs), isProof: true, untilMs: Math.max(...dueMs.filter((at) => at !== null)) };
  return direct && { lane: laneOf(direct, "origin, asked directly", true), isProof: false, untilMs: direct.end.atMs };
};

const titleOf = ({ records, unit, recordsMs, end }: ProbeResponse, reference: Reference | null): string =>
  [
    `${records} ${unit}${records === 1 ? "" : "s"} in ${duration(end.atMs)}`,
    ...(records > recordsMs.length ? [`the first ${recordsMs.length} are drawn`] : []),
    ...(reference
      ? [reference.isProof ? "writes are drawn as if each had come the quickest way" : "two requests, each from its own start"]
      : []),
  ].join("; ");

const plainLane = { kind: "connection", from: "origin", to: "client", client: null, requestedAtMs: null, closings: [] } as const;

const laneOf = (response: ProbeResponse, label: string, isSound: boolean): WaterfallLane => {
  const { headersMs, recordsMs, end } = response;
  return {
    ...plainLane,
    closings: [],
    label,
    headersAtMs: headersMs,
    recordsAtMs: recordsMs,
    ...(end.how === "open" ? { endedAtMs: null, openAtMs: end.atMs } : { endedAtMs: end.atMs }),
    isWhole: end.how === "complete" || end.how === "closed",
    endWords: endWordsOf(end),
    isSound,
  };
};

const endWordsOf = (end: ProbeResponse["end"]): string => {
  switch (end.how) {
    case "complete":
      return "complete";
    case "closed":
      return "ended by the end of the connection";
    case "cut":
      return `cut (${end.sign})`;
    case "malformed":
      return `malformed: ${end.problem}`;
    case "open":
      return "still open";
  }
};

/** When each event of `hopwise origin` would have arrived if nothing had held it; heartbeats are not known. */
const dueLane = (recordsAtMs: (number | null)[]): WaterfallLane => ({
  ...plainLane,
  closings: [],
  label: "hopwise origin writes",
  headersAtMs: null,
  recordsAtMs,
  endedAtMs: null,
  isWhole: true,
  endWords: "",
  isSound: true,
});

const joinsOf = ({ recordsAtMs: above }: WaterfallLane, { recordsAtMs: below }: WaterfallLane): Join[] =>
  above.flatMap((fromMs, record): Join[] => {
    const toMs = below[record] ?? null;
    return fromMs === null || toMs === null ? [] : [{ from: 0, to: 1, record, fromMs, toMs }];
  });

const isBad = ({ findings }: ProbeResponse, facet: Facet): boolean =>
  findings.some((one) => one.facet === facet && (one.level === "error" || one.level === "warning"));

/** What is proven to happen on the way: `hopwise origin` proves it alone, an unknown origin by being fine itself. */
const markOf = (response: ProbeResponse, { lane: above, isProof }: Reference, { conclusions }: ProbeReport): Mark | null => {
  const isOnTheWay = (facet: Facet): boolean =>
    isBad(response, facet) && (isProof || conclusions.some((one) => one.kind === "side" && one.side === "path" && one.facet === facet));
  if (isOnTheWay("delivery")) return longestHold(above, response);
  if (isOnTheWay("headers") && above.headersAtMs !== null && response.headersMs !== null)
    return {
      fromMs: above.headersAtMs,
      toMs: response.headersMs,
      text: `header section held ${duration(response.headersMs - above.headersAtMs)}`,
    };
  return isOnTheWay("ending") && response.end.how === "cut" ? { fromMs: response.end.atMs, text: "cut here" } : null;
};

const longestHold = ({ recordsAtMs }: WaterfallLane, { recordsMs }: ProbeResponse): Mark | null => {
  const held = recordsAtMs.flatMap((fromMs, index) => {
    const toMs = recordsMs[index];
    return fromMs === null || toMs === undefined || toMs <= fromMs ? [] : [{ fromMs, toMs }];
  });
  const [longest] = held.toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs));
  return longest ? { ...longest, text: `held ${duration(longest.toMs - longest.fromMs)}` } : null;
};
