// The staircase as SVG: bytes in and out of the culprit as steps, and what it held as the area between them.
import type { ByteStep } from "../report.ts";
import type { Staircase } from "../staircase.ts";
import { duration } from "../text.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { heights } from "./rows.ts";
import { across, bytesInWords } from "./scale.ts";

/** A flood would leave nothing to see of what was held before it: then the picture is as high as what was held nearly all the time. */
const mostTimes = 8;
const timesTheUsual = 2.5;
const nearlyAllTheTime = 0.9;

/** The spans that can be pointed at. */
const mostMarks = 16;

/** A path may be stretched across: it has only level and upright lines, whose width does not follow. */
const wide = 2000;

export const stairsSvg = ({ input, output, spans, hop }: Staircase, totalMs: number, top: number): Markup => {
  const room = heights.stairs - 16;
  const whole = Math.max(...[...input, ...output].map(([, bytes]) => bytes));
  const usual = usuallyHeld(spans);
  const most = Math.max(1, whole > usual * mostTimes ? usual * timesTheUsual : whole);
  const x = (ms: number): number => Math.round((wide * ms) / totalMs);
  const y = (bytes: number): number => Math.round(10 * room * (1 - Math.min(1, bytes / most))) / 10;
  const at = (steps: readonly ByteStep[], ms: number): number => steps.findLast(([time]) => time <= ms)?.[1] ?? 0;
  const held = spans.filter(({ heldBytes }) => heldBytes > 0);
  const area = held.map(({ fromMs, toMs }) => {
    const upper = y(at(input, fromMs));
    return `M${x(fromMs)} ${upper}H${x(toMs)}V${y(at(output, fromMs))}H${x(fromMs)}Z`;
  });
  const marks = held
    .toSorted((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))
    .slice(0, mostMarks)
    .toSorted((a, b) => a.fromMs - b.fromMs);
  return markup`<rect class="floor" x="0" width="100%" y="${top + 8}" height="${room}" /><svg
      x="0"
      y="${top + 8}"
      width="100%"
      height="${room}"
      viewBox="0 0 ${wide} ${room}"
      preserveAspectRatio="none"
    >
      <path class="area" d="${area.join("")}" />
      <path class="step in" d="${pathOf(input, x, y)}" />
      <path class="step out" d="${pathOf(output, x, y)}" /></svg
    >${marks.map(
      ({ fromMs, toMs, heldBytes }) =>
        markup`<rect
          class="m held"
          x="${across(fromMs, totalMs)}"
          width="${across(toMs - fromMs, totalMs)}"
          y="${top + 8}"
          height="${room}"
          data-n="${hop} held ${bytesInWords(heldBytes)} from ${duration(fromMs)} to ${duration(toMs)}"
        />`,
    )}<text class="unit" x="0" dx="4" y="${top + 20}">${bytesInWords(most)}${whole > most && ` of ${bytesInWords(whole)}`}</text>`;
};

/** The most that was held for `nearlyAllTheTime` of the time. */
const usuallyHeld = (spans: Staircase["spans"]): number => {
  const sorted = spans.filter(({ heldBytes }) => heldBytes > 0).toSorted((a, b) => a.heldBytes - b.heldBytes);
  let left = nearlyAllTheTime * sorted.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return (sorted.find(({ fromMs, toMs }) => (left -= toMs - fromMs) <= 0) ?? sorted.at(-1))?.heldBytes ?? 1;
};

const pathOf = (steps: readonly ByteStep[], x: (ms: number) => number, y: (bytes: number) => number): string =>
  `M0 ${y(0)}${steps.map(([ms, bytes]) => `H${x(ms)}V${y(bytes)}`).join("")}H${wide}`;
