// The marks on a lane: records, alone or several at once, the header section, the end, a cut. Each has its own shape, and its numbers in words.
import { duration } from "../text.ts";
import type { Waterfall, WaterfallLane } from "../waterfall.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { labelOf } from "./rows.ts";
import { across } from "./scale.ts";

/** Referred to by `use`; their color is that of the mark. */
export const shapes = markup`<g id="m-record"><circle r="4.5" /></g>
  <g id="m-late"><path d="M0-5.5 5.5 0 0 5.5-5.5 0Z" /></g>
  <g id="m-head"><path d="M-1-8h2V8h-2zM1-8l7 4-7 4z" /></g>
  <g id="m-end"><path d="M-1.5-9h3V9h-3z" /></g>
  <g id="m-cut"><path d="M-6-4-4-6 0-2 4-6 6-4 2 0 6 4 4 6 0 2-4 6-6 4-2 0Z" /></g>
  <g id="m-leave"><path d="M-6 6 0-7 6 6Z" /></g>
  <g id="m-ask"><path d="M-5-6h2l6 6-6 6h-2l5-6z" /></g>`;

export const marksOf = ({ lanes, totalMs }: Waterfall, index: number, y: number): Markup[] => {
  const lane = lanes[index];
  if (!lane) return [];
  const { headersAtMs, endedAtMs, requestedAtMs, isWhole, endWords, isEndBad = false, isSound, kind, to } = lane;
  const label = labelOf(lane);
  const tone = kind === "control" ? "faint" : isSound ? "sound" : "harmed";
  const single = (shape: string, at: number, words: string, as = tone): Markup =>
    markup`<use
      href="#m-${shape}"
      class="m ${as}"
      x="${across(at, totalMs)}"
      y="${y}"
      data-n="${label}: ${words}, ${duration(at)}"
    />`;
  return [
    ...(requestedAtMs === null ? [] : [single("ask", requestedAtMs, "requested")]),
    ...(headersAtMs === null ? [] : [single("head", headersAtMs, "header section")]),
    ...departuresOf(lane).map((at) => single("leave", at, `${to} closed the connection`)),
    ...(endedAtMs === null || kind === "writes" ? [] : [single(isWhole ? "end" : "cut", endedAtMs, endWords, isEndBad ? "harmed" : tone)]),
    ...groupsOf(lane, totalMs).map((group) => recordMark(group, { lanes, index, totalMs, y, tone, label })),
  ];
};

/** Closed by the neighbor nearer the client, while the response was not over. */
const departuresOf = ({ closings, endedAtMs, isWhole }: WaterfallLane): number[] =>
  closings
    .filter(({ by, atMs }) => by === "to" && (endedAtMs === null || !isWhole || atMs < endedAtMs))
    .slice(0, 1)
    .map(({ atMs }) => atMs);

interface Group {
  records: number[];
  fromMs: number;
  toMs: number;
}

/** Records that would be drawn on top of each other. */
const groupsOf = ({ recordsAtMs }: WaterfallLane, totalMs: number): Group[] => {
  const groups: Group[] = [];
  for (const [record, at] of recordsAtMs.entries()) {
    if (at === null) continue;
    const last = groups.at(-1);
    if (last && at - last.fromMs < totalMs / 150) {
      last.records.push(record);
      last.toMs = Math.max(last.toMs, at);
    } else groups.push({ records: [record], fromMs: at, toMs: at });
  }
  return groups;
};

interface Place {
  lanes: readonly WaterfallLane[];
  index: number;
  totalMs: number;
  y: number;
  tone: string;
  label: string;
}

const recordMark = ({ records, fromMs }: Group, { lanes, index, totalMs, y, tone, label }: Place): Markup => {
  const [first = 0] = records;
  const last = records.at(-1) ?? first;
  const all = lanes[index]?.recordsAtMs.length ?? 0;
  const which = records.length === 1 ? `record ${first + 1} of ${all}` : `records ${first + 1} to ${last + 1} of ${all} at once`;
  const above = lanes[index]?.kind === "connection" ? lanes[index - 1] : undefined;
  const before = above?.kind === "connection" ? (above.recordsAtMs[first] ?? null) : null;
  const lag = before === null ? "" : `, ${duration(Math.max(0, fromMs - before))} after it came in`;
  const x = across(fromMs, totalMs);
  const shape = tone === "harmed" ? "late" : "record";
  return markup`<use href="#m-${shape}" class="m ${tone}" x="${x}" y="${y}" data-n="${label}: ${which}, ${duration(fromMs)}${lag}" />${
    records.length > 1 && markup`<text class="count ${tone}" x="${x}" dx="5" y="${y + 14}">${records.length}×</text>`
  }`;
};
