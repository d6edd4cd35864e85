// One lane per connection over time, from the origin's writes down to the client, and between two lanes the hop that bytes got stuck in:
//
//   origin writes     ●──●──●──●
//   origin → nginx    h●──●──●──●┤
//   ▶ nginx            └╌╌ 1.2 s ╌╌┐
//   nginx → client                h4┤
import type { Facet } from "../model/verdict.ts";
import type { ArmReport, ConnectionReport, OtherConnectionReport, ScenarioReport } from "./report.ts";
import { duration, fit, pad, plain } from "./text.ts";
import type { Look, Paint } from "./look.ts";

export const legend = "● one record · 2–9 so many at once · # ten or more · h header section · ┤ end · ╳ cut";

/** What a picture over time can show; of the other facets it would only show that nothing was late. */
const drawable = new Set<Facet["facet"]>(["delivery", "headers", "ending", "disconnect", "source"]);

interface Lane {
  label: string;
  cells: string;
  /** Still as the origin sent it: above the culprit. */
  sound: boolean;
}

/** The arm that shows a facet, as lines of at most `width` columns; none where there is nothing to see. */
export const picture = (report: ScenarioReport, facet: Facet, { width }: Look, paint: Paint): string[] => {
  const arm = report.arms.find(({ id }) => id === facet.arm);
  if (!arm || arm.connections.length === 0 || facet.culprit === null || !drawable.has(facet.facet)) return [];
  const { culprit } = facet;
  // Only of whose body it is do the others tell anything.
  const others = facet.facet === "source" ? (arm.others ?? []) : [];
  if (facet.facet === "source" && others.length === 0) return [];
  const labels = ["origin writes", ...arm.connections.map(({ from, to }) => plain(`${from} → ${to}`)), ...others.map(labelOfOther)];
  const labelWidth = Math.min(Math.max(...labels.map((label) => label.length), culprit.length + 2), Math.floor(width * 0.4));
  const scale = scaleOf(arm, facet, width - labelWidth - 3);
  const output = arm.connections.findIndex(({ from }) => from === culprit);
  const stuckAbove = output === -1 ? arm.connections.length : output;

  const lanes = [
    { label: labels[0] ?? "", cells: writes(arm, scale), sound: true },
    ...arm.connections.map((connection, index): Lane => ({
      label: labels[index + 1] ?? "",
      cells: passage(connection, scale),
      sound: index < stuckAbove || facet.facet === "source",
    })),
    ...others.map((connection, index): Lane => ({
      label: labels[arm.connections.length + 1 + index] ?? "",
      cells: passage(connection, scale),
      sound: false,
    })),
  ];
  const row = (label: string, cells: string): string => `${pad(fit(label, labelWidth), labelWidth)}  ${cells}`.trimEnd();
  const lines = lanes.map(({ label, cells, sound }) => row(label, paintLane(cells, sound ? paint.green : paint.red, paint)));
  const stuck = stuckBetween(arm, facet, scale);
  lines.splice(
    facet.facet === "source" ? arm.connections.length + 1 : stuckAbove + 1,
    0,
    paint.bold(paint.red(row(`▶ ${plain(culprit)}`, stuck))),
  );
  return [...wrapTitle(arm, width, paint), paint.dim(row("", axis(scale))), ...lines];
};

/** `nginx → client 3`; on the way there `origin → nginx (3)`, and `(before)` where a hop then asked once more. */
const labelOfOther = ({ from, to, client }: OtherConnectionReport): string => {
  const whose = client === 1 ? " (before)" : to === "client" ? ` ${client}` : ` (${client})`;
  return plain(`${from} → ${to}${whose}`);
};

const wrapTitle = (arm: ArmReport, width: number, paint: Paint): string[] => [paint.dim(fit(plain(arm.title), width))];

interface Scale {
  /** Columns for time; one more is left for an end that shares its moment with a record. */
  columns: number;
  totalMs: number;
  at: (ms: number) => number;
}

const scaleOf = (arm: ArmReport, facet: Facet, columns: number): Scale => {
  const times = [...arm.connections, ...(facet.facet === "source" ? (arm.others ?? []) : [])].flatMap(
    ({ headersAtMs, recordsAtMs, endedAtMs }) => [headersAtMs, endedAtMs, ...recordsAtMs],
  );
  const last = Math.max(1, ...[...arm.writtenAtMs, ...times].filter((at) => at !== null));
  const totalMs =
    facet.facet === "ending" && facet.finding.member === "hung"
      ? Math.max(last, leftOpenFrom(arm, facet.culprit) + facet.finding.atLeastMs)
      : last;
  return { columns, totalMs, at: (ms) => Math.min(columns - 1, Math.max(0, Math.round((ms / totalMs) * (columns - 1)))) };
};

const axis = ({ columns, totalMs }: Scale): string => `0${duration(totalMs).padStart(columns - 1)}`;

const writes = (arm: ArmReport, scale: Scale): string => {
  const cells = blank(scale);
  const columns = arm.writtenAtMs.map(scale.at);
  line(cells, columns);
  count(cells, columns);
  return cells.join("");
};

const passage = ({ headersAtMs, recordsAtMs, endedAtMs, end }: ConnectionReport, scale: Scale): string => {
  const cells = blank(scale);
  const records = recordsAtMs.filter((at) => at !== null).map(scale.at);
  const headers = headersAtMs === null ? [] : [scale.at(headersAtMs)];
  const ended = endedAtMs === null ? [] : [scale.at(endedAtMs)];
  line(cells, [...headers, ...records, ...ended]);
  count(cells, records);
  const [header] = headers;
  if (header !== undefined) {
    const free = records.includes(header) ? header - 1 : header;
    if (free >= 0 && !records.includes(free)) cells[free] = "h";
  }
  const [last] = ended;
  if (last !== undefined) cells[records.includes(last) || cells[last] === "h" ? last + 1 : last] = whole.has(end) ? "┤" : "╳";
  return cells.join("");
};

const whole = new Set<string>(["last-chunk", "length", "no-body", "fin-delimited"]);

const blank = ({ columns }: Scale): string[] => Array.from({ length: columns + 1 }, () => " ");

const line = (cells: string[], columns: readonly number[]): void => {
  if (columns.length > 0) cells.fill("─", Math.min(...columns), Math.max(...columns) + 1);
};

const count = (cells: string[], columns: readonly number[]): void => {
  const many = new Map<number, number>();
  for (const column of columns) many.set(column, (many.get(column) ?? 0) + 1);
  for (const [column, records] of many) cells[column] = records === 1 ? "●" : records < 10 ? String(records) : "#";
};

const paintLane = (cells: string, tone: Paint["green"], paint: Paint): string =>
  cells.replaceAll(/─+|[^─ ]+/g, (part) => (part.startsWith("─") ? paint.dim(part) : tone(part)));

/** The row between the culprit's two lanes: from where bytes went in to where they came out, or where it ended the stream. */
const stuckBetween = (arm: ArmReport, facet: Facet, scale: Scale): string => {
  const input = arm.connections.find(({ to }) => to === facet.culprit);
  const output = arm.connections.find(({ from }) => from === facet.culprit);
  switch (facet.facet) {
    case "delivery": {
      const held = longestHold(input?.recordsAtMs ?? arm.writtenAtMs, output?.recordsAtMs ?? []);
      if (held === null) return "";
      return held.out === null
        ? bracket(scale, held.in, null, "never let out")
        : bracket(scale, held.in, held.out, duration(held.out - held.in));
    }
    case "headers": {
      const from = input?.headersAtMs ?? null;
      const to = output?.headersAtMs ?? null;
      return from === null || to === null ? "" : bracket(scale, from, to, `headers ${duration(to - from)}`);
    }
    case "ending": {
      const { finding } = facet;
      if (finding.member === "hung") {
        return bracket(scale, leftOpenFrom(arm, facet.culprit), null, `left open ≥ ${duration(finding.atLeastMs)}`);
      }
      const at = output?.endedAtMs ?? input?.endedAtMs ?? null;
      return at === null
        ? ""
        : pointer(scale, at, finding.member === "error-response" ? `answered ${finding.status}` : endings[finding.member]);
    }
    case "source": {
      const others = arm.others ?? [];
      return facet.finding.member === "asked"
        ? pointer(scale, Math.max(...others.map(({ endedAtMs, requestedAtMs }) => endedAtMs ?? requestedAtMs)), "asked once more")
        : pointer(scale, Math.min(...others.map(({ requestedAtMs }) => requestedAtMs)), "asked by others too");
    }
    case "disconnect": {
      const from = leftAt(output) ?? lastOf(output);
      const to = leftAt(input) ?? lastOf(input);
      if (from === null || to === null || to < from) return "";
      const { finding } = facet;
      return bracket(
        scale,
        from,
        finding.member === "lost" ? null : to,
        finding.member === "lost" ? `kept ≥ ${duration(finding.atLeastMs)}` : `kept ${duration(finding.afterMs)}`,
      );
    }
    default:
      return "";
  }
};

/** When the culprit should have ended its response. */
const leftOpenFrom = (arm: ArmReport, culprit: string | null): number =>
  arm.connections.find(({ to }) => to === culprit)?.endedAtMs ?? arm.writtenAtMs.at(-1) ?? 0;

const endings = {
  complete: "",
  "incomplete-visible": "cut here",
  "incomplete-silent": "ended here, as if whole",
  "no-response": "closed here",
  malformed: "not HTTP from here",
} as const;

/** When the neighbour nearer the client closed it. */
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
  const drawn = `└${"╌".repeat(inside)}${toMs === null ? "╌" : "┐"}`;
  if (to + said.length <= scale.columns) return `${" ".repeat(from)}${drawn}${said}`;
  return said.length <= from ? `${" ".repeat(from - said.length)}${said}${drawn}` : `${" ".repeat(from)}${drawn}`;
};

const pointer = (scale: Scale, atMs: number, text: string): string => {
  const at = scale.at(atMs);
  if (at + 2 + text.length <= scale.columns) return `${" ".repeat(at)}▼ ${text}`;
  return text.length + 1 <= at ? `${" ".repeat(at - text.length - 1)}${text} ▼` : `${" ".repeat(at)}▼`;
};
