// The table of routes and facets: a word or a mark in each cell.
import type { Must } from "../define.ts";
import { deviates, facetsRequired, headlineOf } from "../model/outcome.ts";
import type { FacetName } from "../model/verdict.ts";
import type { CheckReport, CheckRoute, Finding } from "./check-report.ts";
import type { Column } from "./check-words.ts";
import { said } from "./check-text.ts";
import { columnOfFinding, columns, shows } from "./check-words.ts";
import type { Look, Paint } from "./look.ts";
import type { ScenarioReport } from "./report.ts";
import { fit, pad, widthOf, wrap } from "./text.ts";

/** The state of one facet on one route; `words` name the faults. */
export interface Cell {
  state: "bad" | "risky" | "open" | "good" | "untested";
  words: string[];
}

export interface Row {
  route: string;
  cells: Map<Column, Cell>;
}

const marks: Record<Cell["state"], { mark: string; color: "red" | "yellow" | "green" | "dim" }> = {
  bad: { mark: "✗", color: "red" },
  risky: { mark: "!", color: "yellow" },
  open: { mark: "?", color: "yellow" },
  good: { mark: "✓", color: "green" },
  untested: { mark: "–", color: "dim" },
};

export const legend = "✓ no fault · ✗ error · ! warning · ? not judged · – not checked";

/** Only columns that were tested on at least one route. */
export const rowsOf = (report: CheckReport): { shown: Column[]; rows: Row[] } => {
  const rows = report.routes.map((route): Row => ({
    route: said(route.id),
    cells: new Map(columns.map((column) => [column, cellOf(report, route, column)])),
  }));
  return { shown: columns.filter((column) => rows.some(({ cells }) => cells.get(column)?.state !== "untested")), rows };
};

const cellOf = ({ findings }: CheckReport, route: CheckRoute, column: Column): Cell => {
  const here = findings.filter((finding) => finding.route === route.id && columnOfFinding(finding) === column);
  const rulesOf = (wanted: Finding["level"]): string[] => [...new Set(here.flatMap(({ level, rule }) => (level === wanted ? [rule] : [])))];
  const [errors, warnings] = [rulesOf("error"), rulesOf("warning")];
  const statesOf = (checks: CheckRoute["checks"]): Cell[] =>
    checks.flatMap(({ feature, scenario }): Cell[] =>
      feature === undefined ? stateOf(scenario, column) : feature === column ? [wholeStateOf(scenario)] : [],
    );
  const states = statesOf(route.checks);
  const inState = (wanted: Cell["state"], of = states): Cell[] => of.filter(({ state }) => state === wanted);
  const wordsOf = (cells: readonly Cell[]): string[] => [...new Set(cells.flatMap(({ words }) => words))];
  if (errors.length > 0) return { state: "bad", words: errors };
  // A broken requirement without a finding is still shown.
  const silent = statesOf(route.checks.filter(({ check }) => !findings.some((one) => one.route === route.id && shows(one, check))));
  const broken = wordsOf(inState("bad", warnings.length > 0 ? silent : states));
  if (broken.length > 0) return { state: "bad", words: broken };
  if (warnings.length > 0) return { state: "risky", words: warnings };
  return { state: (["open", "good"] as const).find((state) => inState(state).length > 0) ?? "untested", words: [] };
};

const unanswered = (outcome: ScenarioReport["outcome"]): boolean => outcome !== "pass" && outcome !== "fail";

/** The state of a facet in a trial that requires it; none if the trial requires only others. */
const stateOf = ({ outcome, expected, facets, inconclusive }: ScenarioReport, column: Column): Cell[] => {
  const must = expected as Must;
  if (!facetsRequired(must).has(column as FacetName)) return [];
  const shown = facets.filter(({ facet }) => facet === column);
  const broken = outcome === "fail" ? shown.filter((facet) => deviates(must, facet)) : [];
  if (broken.length > 0) return [{ state: "bad", words: broken.map(headlineOf) }];
  const isLeftOpen = inconclusive.some(({ facet }) => facet === column) || (unanswered(outcome) && shown.length === 0);
  if (outcome !== "pass" && isLeftOpen) return [{ state: "open", words: [] }];
  return shown.length > 0 ? [{ state: "good", words: [] }] : [];
};

/** For a check with its own column. */
const wholeStateOf = ({ outcome, headline }: ScenarioReport): Cell =>
  outcome === "fail" ? { state: "bad", words: [headline] } : { state: unanswered(outcome) ? "open" : "good", words: [] };

export const cellWords = ({ state, words }: Cell): string => {
  const [first, ...rest] = words;
  return `${marks[state].mark}${first === undefined ? "" : ` ${first}`}${rest.length > 0 ? ` +${rest.length}` : ""}`;
};

const gap = 2;
/** Enough of a route's name to recognize it. */
const narrowestRoute = 16;

/** A table with all columns if it fits, otherwise with the columns that have faults, otherwise a list. */
export const table = (report: CheckReport, { width }: Look, paint: Paint): string[] => {
  const { shown, rows } = rowsOf(report);
  if (rows.length === 0 || shown.length === 0) return [];
  const notClean = shown.filter((column) => rows.some(({ cells }) => cells.get(column)?.state !== "good"));
  for (const [chosen, narrowest] of [
    [shown, width],
    [notClean, narrowestRoute],
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
            paint[marks[cells.get(column)?.state ?? "untested"].color](text) + (last ? "" : pad("", (widths[index] ?? 0) - widthOf(text)))
          );
        }),
      ].join(between),
    ),
  ];
};

const textIn = (cells: Row["cells"], column: Column): string => cellWords(cells.get(column) ?? { state: "untested", words: [] });

const asList = ({ route, cells }: Row, shown: readonly Column[], width: number, paint: Paint): string[] => {
  const inState = (wanted: Cell["state"]): Column[] => shown.filter((column) => cells.get(column)?.state === wanted);
  const named = (state: Cell["state"]): [Cell["state"], string][] =>
    inState(state).map((column) => [state, `${column} ${cells.get(column)?.words.join(", ") ?? ""}`]);
  const lines: [Cell["state"], string][] = [
    ...named("bad"),
    ...named("risky"),
    ["open", inState("open").join(", ")],
    ["good", inState("good").join(", ")],
  ];
  return [
    ...wrap(route, width).map(paint.bold),
    ...lines.flatMap(([state, text]) =>
      text === "" ? [] : wrap(`${marks[state].mark} ${text}`, width - gap).map((line) => " ".repeat(gap) + paint[marks[state].color](line)),
    ),
  ];
};
