// Lanes as text, one row each, with the culprit between its input and its output:
//
//   origin writes     ●──●──●──●
//   origin → nginx    h●──●──●──●┤
//   ▶ nginx            └╌╌ 1.2 s ╌╌┐
//   nginx → client                h4┤
import type { Facet } from "../model/verdict.ts";
import { lanesOf } from "./lanes.ts";
import type { Lane } from "./lanes.ts";
import type { Mark } from "./lane-mark.ts";
import type { Look, Paint } from "./look.ts";
import type { ScenarioReport } from "./report.ts";
import { duration, fit, pad, plain } from "./text.ts";

export const legend = "● one record · 2–9 records at once · # ten or more · h header section · ┤ end · ╳ cut";

/** The case that shows a facet, as lines of at most `width` columns; none where there is nothing to see. */
export const picture = (report: ScenarioReport, facet: Facet, { width }: Look, paint: Paint): string[] => {
  const shown = lanesOf(report, facet);
  if (shown === null) return [];
  const { title, totalMs, lanes, culprit, culpritIndex, mark } = shown;
  const labels = lanes.map(({ label }) => plain(label));
  const labelWidth = Math.min(Math.max(...labels.map((label) => label.length), culprit.length + 2), Math.floor(width * 0.4));
  const scale = scaleOf(totalMs, width - labelWidth - 3);
  const row = (label: string, cells: string): string => `${pad(fit(label, labelWidth), labelWidth)}  ${cells}`.trimEnd();
  const lines = lanes.map((lane, index) =>
    row(labels[index] ?? "", paintLane(cellsOf(lane, scale), lane.isSound ? paint.green : paint.red, paint)),
  );
  lines.splice(culpritIndex, 0, paint.bold(paint.red(row(`▶ ${plain(culprit)}`, mark === null ? "" : drawn(mark, scale)))));
  return [paint.dim(fit(plain(title), width)), paint.dim(row("", axis(scale))), ...lines];
};

interface Scale {
  /** Columns for time; one more is left for an end that shares its moment with a record. */
  columns: number;
  totalMs: number;
  at: (ms: number) => number;
}

const scaleOf = (totalMs: number, columns: number): Scale => ({
  columns,
  totalMs,
  at: (ms) => Math.min(columns - 1, Math.max(0, Math.round((ms / totalMs) * (columns - 1)))),
});

const axis = ({ columns, totalMs }: Scale): string => `0${duration(totalMs).padStart(columns - 1)}`;

const cellsOf = ({ headersAtMs, recordsAtMs, endedAtMs, isWhole }: Lane, scale: Scale): string => {
  const cells = Array.from({ length: scale.columns + 1 }, () => " ");
  const records = recordsAtMs.map(scale.at);
  const header = headersAtMs === null ? null : scale.at(headersAtMs);
  const end = endedAtMs === null ? null : scale.at(endedAtMs);
  line(cells, [header, ...records, end]);
  count(cells, records);
  if (header !== null) {
    const free = records.includes(header) ? header - 1 : header;
    if (free >= 0 && !records.includes(free)) cells[free] = "h";
  }
  if (end !== null) cells[records.includes(end) || cells[end] === "h" ? end + 1 : end] = isWhole ? "┤" : "╳";
  return cells.join("");
};

const line = (cells: string[], columns: readonly (number | null)[]): void => {
  const known = columns.filter((column) => column !== null);
  if (known.length > 0) cells.fill("─", Math.min(...known), Math.max(...known) + 1);
};

const count = (cells: string[], columns: readonly number[]): void => {
  const many = new Map<number, number>();
  for (const column of columns) many.set(column, (many.get(column) ?? 0) + 1);
  for (const [column, records] of many) cells[column] = records === 1 ? "●" : records < 10 ? String(records) : "#";
};

const paintLane = (cells: string, tone: Paint["green"], paint: Paint): string =>
  cells.replaceAll(/─+|[^─ ]+/g, (part) => (part.startsWith("─") ? paint.dim(part) : tone(part)));

const drawn = ({ fromMs, toMs, text }: Mark, scale: Scale): string =>
  toMs === undefined ? pointer(scale, fromMs, text) : bracket(scale, fromMs, toMs, text);

/** `└╌╌ 1.2 s ╌╌┐`; open to the right where it never ended. */
const bracket = (scale: Scale, fromMs: number, toMs: number | null, text: string): string => {
  const from = scale.at(fromMs);
  const to = toMs === null ? scale.columns - 1 : scale.at(toMs);
  if (to === from) return pointer(scale, fromMs, text);
  const inside = to - from - 1;
  const said = ` ${text} `;
  if (said.length <= inside) {
    const before = (inside - said.length) >> 1;
    return `${" ".repeat(from)}└${"╌".repeat(before)}${said}${"╌".repeat(inside - before - said.length)}${toMs === null ? "╌" : "┐"}`;
  }
  const span = `└${"╌".repeat(inside)}${toMs === null ? "╌" : "┐"}`;
  if (to + said.length <= scale.columns) return `${" ".repeat(from)}${span}${said}`;
  return said.length <= from ? `${" ".repeat(from - said.length)}${said}${span}` : `${" ".repeat(from)}${span}`;
};

const pointer = (scale: Scale, atMs: number, text: string): string => {
  const at = scale.at(atMs);
  if (at + 2 + text.length <= scale.columns) return `${" ".repeat(at)}▼ ${text}`;
  return text.length + 1 <= at ? `${" ".repeat(at - text.length - 1)}${text} ▼` : `${" ".repeat(at)}▼`;
};
