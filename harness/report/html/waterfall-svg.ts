// The waterfall as SVG: across in percent, down in pixels, so that it needs neither a script nor a second drawing for another width.
import { duration } from "../text.ts";
import type { Staircase } from "../staircase.ts";
import type { Join, Silence, Waterfall } from "../waterfall.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { marksOf } from "./marks.ts";
import { heightOf, heights, middleOf } from "./rows.ts";
import type { Row } from "./rows.ts";
import { across, ticksOf } from "./scale.ts";
import { stairsSvg } from "./staircase-svg.ts";

/** More would only make a gray area of the joins. */
const mostJoins = 240;

export const plot = (waterfall: Waterfall, rows: readonly Row[], stairs: Staircase | null): Markup => {
  const height = heightOf(rows);
  const { totalMs, lanes } = waterfall;
  const laneRows = lanes.map((_, index) => rows.find(({ lane }) => lane === index));
  const every = Math.max(1, Math.ceil(waterfall.joins.length / mostJoins));
  const stairsRow = rows.find(({ kind }) => kind === "stairs");
  return markup`<g class="ticks"
      >${ticksOf(totalMs).map(
        ({ ms, text }, index) =>
          markup`<line x1="${across(ms, totalMs)}" x2="${across(ms, totalMs)}" y1="${heights.axis - 6}" y2="${height}" /><text
              x="${across(ms, totalMs)}"
              y="12"
              class="${ms === 0 ? "first" : ms > totalMs * 0.94 ? "last" : ""}${index % 2 === 1 ? " odd" : ""}"
              >${text}</text
            >`,
      )}</g
    >
    ${rows.filter(({ kind }) => kind === "culprit" || kind === "hop").map(band)}
    ${waterfall.joins.filter((_, index) => index % every === 0).map((join) => joinLine(join, waterfall, laneRows))}
    ${lanes.map((lane, index) => {
      const row = laneRows[index];
      if (!row) return null;
      const y = middleOf(row);
      const times = [lane.requestedAtMs, lane.headersAtMs, ...lane.recordsAtMs, lane.endedAtMs, lane.openAtMs ?? null].filter(
        (at) => at !== null,
      );
      return markup`${
        times.length > 0 &&
        markup`<line
          class="lane ${lane.kind}"
          x1="${across(Math.min(...times), totalMs)}"
          x2="${across(Math.max(...times), totalMs)}"
          y1="${y}"
          y2="${y}"
        />`
      }${marksOf(waterfall, index, y)}`;
    })}
    ${rows.filter(({ kind }) => kind === "culprit").map((row) => bracket(waterfall, row))}
    ${rows.filter(({ kind }) => kind === "silence").map((row) => waterfall.silences.map((silence) => silenceSvg(silence, totalMs, row)))}
    ${stairs && stairsRow && stairsSvg(stairs, totalMs, stairsRow.top)}`;
};

const band = ({ kind, top }: Row): Markup =>
  markup`<rect class="band ${kind}" x="0" width="100%" y="${top + 2}" height="${heights[kind] - 4}" rx="3" />`;

const joinLine = (
  { from, to, fromMs, toMs, record }: Join,
  { lanes, culprit, totalMs, isShared }: Waterfall,
  rows: readonly (Row | undefined)[],
): Markup | null => {
  const [above, below] = [rows[from], rows[to]];
  if (!above || !below) return null;
  const x1 = across(fromMs, totalMs);
  const y1 = middleOf(above);
  const y2 = middleOf(below);
  const isCulprits = lanes[from]?.to === culprit && !isShared;
  const tone = lanes[to]?.kind === "other" ? "shared" : isCulprits ? "culprit" : "fine";
  if (toMs !== null) return markup`<line class="join ${tone}" x1="${x1}" x2="${across(toMs, totalMs)}" y1="${y1}" y2="${y2}" />`;
  // Before the culprit nothing is lost; after it, what it lost is missing everywhere.
  if (!isCulprits) return null;
  const y = y1 + (y2 - y1) * 0.3;
  return markup`<line class="join culprit" x1="${x1}" x2="${x1}" y1="${y1}" y2="${y}" /><use
      href="#m-cut"
      class="m harmed small"
      x="${x1}"
      y="${y}"
      data-n="record ${record + 1} never came out of ${culprit}"
    />`;
};

/** From when to when nothing arrived, under the lane. */
const silenceSvg = ({ fromMs, toMs, text, isHarmful }: Silence, totalMs: number, { top }: Row): Markup => {
  const tone = isHarmful ? "" : "fine";
  const [x1, x2] = [across(fromMs, totalMs), across(toMs, totalMs)];
  const y = top + 8;
  const { side, at } = placeOf(fromMs, toMs, totalMs);
  return markup`<line class="span ${tone}" x1="${x1}" x2="${x2}" y1="${y}" y2="${y}" />${[x1, x2].map(
    (x) => markup`<line class="span ${tone}" x1="${x}" x2="${x}" y1="${y - 5}" y2="${y + 5}" />`,
  )}<text class="said ${side} ${tone}" x="${across(at, totalMs)}" y="${y + 21}">${text}</text>`;
};

/** Where words about a span stand, so that they do not leave the picture. */
const placeOf = (fromMs: number, toMs: number, totalMs: number): { side: "first" | "last" | ""; at: number } => {
  const at = (fromMs + toMs) / 2;
  if (at / totalMs < 0.35) return { side: "first", at: fromMs };
  return at / totalMs > 0.65 ? { side: "last", at: toMs } : { side: "", at };
};

/** What the culprit did, from when to when. */
const bracket = ({ mark, totalMs }: Waterfall, row: Row): Markup | null => {
  if (mark === null) return null;
  const y = middleOf(row);
  const { fromMs, toMs = fromMs, text } = mark;
  const endMs = toMs ?? totalMs;
  const { side, at } = placeOf(fromMs, endMs, totalMs);
  return markup`${
    endMs > fromMs &&
    markup`<line class="span" x1="${across(fromMs, totalMs)}" x2="${across(endMs, totalMs)}" y1="${y}" y2="${y}" />${[
      fromMs,
      ...(toMs === null ? [] : [endMs]),
    ].map((ms) => markup`<line class="span" x1="${across(ms, totalMs)}" x2="${across(ms, totalMs)}" y1="${y - 6}" y2="${y + 6}" />`)}`
  }${
    endMs === fromMs &&
    markup`<line class="span" x1="${across(fromMs, totalMs)}" x2="${across(fromMs, totalMs)}" y1="${y - 6}" y2="${y + 30}" />`
  }<text class="said ${side}" x="${across(at, totalMs)}" y="${y - 8}">${text}</text>`;
};

/** In one sentence, for those who do not see it. */
export const sentenceOf = ({ title, totalMs, lanes, culprit, mark, silences }: Waterfall): string =>
  `Waterfall of ${title}: ${lanes.length} ${lanes.length === 1 ? "lane" : "lanes"} over ${duration(totalMs)}${culprit === null ? "" : `; culprit ${culprit}`}${mark === null ? "" : `: ${mark.text}, from ${duration(mark.fromMs)}`}${silences.map(({ fromMs, text }) => `; ${text}, from ${duration(fromMs)}`).join("")}. The numbers are in the table below.`;
