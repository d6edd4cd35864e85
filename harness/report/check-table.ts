// Routes × facets: one word or mark each.
import type { Must } from "../define.ts";
import { deviates, facetsRequired, headlineOf } from "../model/outcome.ts";
import type { FacetName } from "../model/verdict.ts";
import type { CheckReport, CheckRoute } from "./check-report.ts";
import type { Column } from "./check-words.ts";
import { said } from "./check-text.ts";
import { columnOfFinding, columns, ownColumnOf } from "./check-words.ts";
import type { Look, Paint } from "./look.ts";
import type { ScenarioReport } from "./report.ts";
import { fit, pad, widthOf, wrap } from "./text.ts";

/** What is known of one facet on one route; `words` say what is wrong. */
export interface Cell {
  state: "bad" | "open" | "good" | "untested";
  words: string[];
}

export interface Row {
  route: string;
  cells: Map<Column, Cell>;
}

const marks: Record<Cell["state"], { mark: string; colour: "red" | "yellow" | "green" | "dim" }> = {
  bad: { mark: "✗", colour: "red" },
  open: { mark: "?", colour: "yellow" },
  good: { mark: "✓", colour: "green" },
  untested: { mark: "–", colour: "dim" },
};

export const legend = "✓ nothing wrong · ✗ a requirement is broken · ? could not be judged · – not tested";

/** Only columns of which something is known on at least one route. */
export const rowsOf = (report: CheckReport): { shown: Column[]; rows: Row[] } => {
  const rows = report.routes.map((route): Row => ({
    route: said(route.id),
    cells: new Map(columns.map((column) => [column, cellOf(report, route, column)])),
  }));
  return { shown: columns.filter((column) => rows.some(({ cells }) => cells.get(column)?.state !== "untested")), rows };
};

const cellOf = ({ findings }: CheckReport, route: CheckRoute, column: Column): Cell => {
  const told = findings
    .filter((finding) => finding.level === "error" && finding.route === route.id && columnOfFinding(finding) === column)
    .map(({ rule }) => rule);
  const states = route.checks.flatMap(({ check, scenario }): Cell[] => {
    const apart = ownColumnOf(check);
    return apart === null ? stateOf(scenario, column) : apart === column ? [wholeStateOf(scenario)] : [];
  });
  const inState = (wanted: Cell["state"]): Cell[] => states.filter(({ state }) => state === wanted);
  // What broke a requirement and became no finding is not hidden.
  const words = [...new Set(told.length > 0 ? told : inState("bad").flatMap((one) => one.words))];
  if (words.length > 0) return { state: "bad", words };
  return { state: (["open", "good"] as const).find((state) => inState(state).length > 0) ?? "untested", words: [] };
};

const unanswered = (outcome: ScenarioReport["outcome"]): boolean => outcome !== "pass" && outcome !== "fail";

/** What a trial that asks for this facet says of it; none where it asks for others alone, whatever it showed by the way. */
const stateOf = ({ outcome, expected, facets, undecided }: ScenarioReport, column: Column): Cell[] => {
  const must = expected as Must;
  if (!facetsRequired(must).has(column as FacetName)) return [];
  const shown = facets.filter(({ facet }) => facet === column);
  const broken = outcome === "fail" ? shown.filter((facet) => deviates(must, facet)) : [];
  if (broken.length > 0) return [{ state: "bad", words: broken.map(headlineOf) }];
  const isLeftOpen = undecided.some(({ facet }) => facet === column) || (unanswered(outcome) && shown.length === 0);
  if (outcome !== "pass" && isLeftOpen) return [{ state: "open", words: [] }];
  return shown.length > 0 ? [{ state: "good", words: [] }] : [];
};

/** Of a check that has a column to itself. */
const wholeStateOf = ({ outcome, headline }: ScenarioReport): Cell =>
  outcome === "fail" ? { state: "bad", words: [headline] } : { state: unanswered(outcome) ? "open" : "good", words: [] };

export const cellWords = ({ state, words }: Cell): string => {
  const [first, ...rest] = words;
  return `${marks[state].mark}${first === undefined ? "" : ` ${first}`}${rest.length > 0 ? ` +${rest.length}` : ""}`;
};

const gap = 2;
/** So much of a route's name is enough to know it by. */
const narrowestRoute = 16;

/** As a table where it fits: with all columns, else with those that say something; else as a list. */
export const table = (report: CheckReport, { width }: Look, paint: Paint): string[] => {
  const { shown, rows } = rowsOf(report);
  if (rows.length === 0 || shown.length === 0) return [];
  const telling = shown.filter((column) => rows.some(({ cells }) => cells.get(column)?.state !== "good"));
  for (const [chosen, narrowest] of [
    [shown, width],
    [telling, narrowestRoute],
  ] as const) {
    if (chosen.length === 0) continue;
    const lines = asTable(rows, chosen, { width, narrowest }, paint);
    if (lines === null) continue;
    const clean = shown.filter((column) => !chosen.includes(column));
    const note = `✓ on every route: ${clean.join(", ")}`;
    return [...lines, ...(clean.length > 0 ? wrap(note, width).map(paint.green) : [])];
  }
  return rows.flatMap((row) => asList(row, shown, width, paint));
};

const asTable = (
  rows: readonly Row[],
  chosen: readonly Column[],
  { width, narrowest }: { width: number; narrowest: number },
  paint: Paint,
): string[] | null => {
  const widths = chosen.map((column) => Math.max(column.length, ...rows.map(({ cells }) => widthOf(textIn(cells, column)))));
  const wanted = Math.max("route".length, ...rows.map(({ route }) => widthOf(route)));
  const room = width - widths.reduce((sum, one) => sum + one + gap, 0);
  if (room < Math.min(wanted, narrowest)) return null;
  const first = Math.min(wanted, room);
  const between = " ".repeat(gap);
  const head = [pad("route", first), ...chosen.map((column, index) => pad(column, widths[index] ?? 0))].join(between);
  return [
    paint.dim(head.trimEnd()),
    ...rows.map(({ route, cells }) =>
      [
        pad(fit(route, first), first),
        ...chosen.map((column, index) => {
          const text = textIn(cells, column);
          const last = index === chosen.length - 1;
          return (
            paint[marks[cells.get(column)?.state ?? "untested"].colour](text) + (last ? "" : pad("", (widths[index] ?? 0) - widthOf(text)))
          );
        }),
      ].join(between),
    ),
  ];
};

const textIn = (cells: Row["cells"], column: Column): string => cellWords(cells.get(column) ?? { state: "untested", words: [] });

const asList = ({ route, cells }: Row, shown: readonly Column[], width: number, paint: Paint): string[] => {
  const inState = (wanted: Cell["state"]): Column[] => shown.filter((column) => cells.get(column)?.state === wanted);
  const lines: [Cell["state"], string][] = [
    ...inState("bad").map((column): [Cell["state"], string] => ["bad", `${column} ${cells.get(column)?.words.join(", ") ?? ""}`]),
    ["open", inState("open").join(", ")],
    ["good", inState("good").join(", ")],
  ];
  return [
    ...wrap(route, width).map(paint.bold),
    ...lines.flatMap(([state, text]) =>
      text === ""
        ? []
        : wrap(`${marks[state].mark} ${text}`, width - gap).map((line) => " ".repeat(gap) + paint[marks[state].colour](line)),
    ),
  ];
};
