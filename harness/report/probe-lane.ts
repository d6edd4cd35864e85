// A response as a line: when its header section, its records and its end arrived. Pure.
import type { ProbeResponse } from "./probe-report.ts";
import { duration } from "./text.ts";

export const laneLegend = "h header section · ● one record · 2–9 records at once · # ten or more · ┤ end · ╳ cut · … still open";

const markOf = (records: number): string => (records === 1 ? "●" : records < 10 ? String(records) : "#");

/** Null: there is nothing to draw. */
export const lane = ({ headersMs, recordsMs, end }: ProbeResponse, width: number): string | null => {
  if (headersMs === null || end.atMs <= 0) return null;
  const label = ` ${duration(end.atMs)}`;
  const columns = Math.max(10, width - label.length - 1);
  const columnOf = (ms: number): number => Math.min(columns - 1, Math.floor((ms / end.atMs) * columns));
  const marks = Array.from({ length: columns }, () => "─");
  const counts = new Map<number, number>();
  for (const ms of recordsMs) counts.set(columnOf(ms), (counts.get(columnOf(ms)) ?? 0) + 1);
  marks.fill(" ", 0, columnOf(headersMs));
  marks[columnOf(headersMs)] = "h";
  for (const [column, records] of counts) marks[column] = markOf(records);
  return `${marks.join("")}${end.how === "open" ? "…" : end.how === "complete" || end.how === "closed" ? "┤" : "╳"}${label}`;
};
