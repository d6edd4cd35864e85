// What `hopwise probe` recognizes, as kept in results/probe.json, and as the table of docs/probe.md. Pure.
import type { SeenFault } from "../test/e2e/probe/look.ts";
import type { Fault } from "../test/e2e/probe/truth.ts";

export interface ProbeRow {
  name: string;
  kind: "mutant" | "server" | "middleware" | "container";
  /** Where it was not measured with the others. */
  measuredOn?: string;
  faults: Fault[];
  fine: string[];
  known: SeenFault[];
  outsider: SeenFault[];
}

export interface ProbeTable {
  schema: "hopwise.probe-table/1";
  date: string;
  node: string;
  rows: ProbeRow[];
  /** Hops that could not be probed. */
  failed: { name: string; why: string }[];
}

type Side = "known" | "outsider";

export interface Score {
  found: number;
  missed: string[];
  /** What a hop was accused of that it does not do. */
  wrong: string[];
}

/** Facet by facet: what is wrong in one of them must be seen in it. */
const facetsOf = (faults: readonly Fault[]): string[] => [...new Set(faults.map(({ facet }) => facet))];

export const scoreOf = ({ faults, fine, ...seen }: ProbeRow, side: Side): Score => {
  const reported = [...new Set(seen[side].map(({ facet }) => facet as string))];
  const wanted = facetsOf(faults);
  return {
    found: wanted.filter((facet) => reported.includes(facet)).length,
    missed: wanted.filter((facet) => !reported.includes(facet)),
    wrong: reported.filter((facet) => fine.includes(facet)),
  };
};

const kindsOf = {
  mutant: "bad and harmless hops (test/mutants)",
  server: "Node servers",
  middleware: "middlewares",
  container: "other servers, in containers",
} as const;

const cellOf = (row: ProbeRow, side: Side): string => {
  const { missed, wrong } = scoreOf(row, side);
  const reported = Map.groupBy(row[side], ({ facet }) => facet);
  const said = Array.from(reported, ([facet, seen]) => {
    const kinds = [...new Set(seen.map(({ kind }) => kind))].join(", ");
    return `${wrong.includes(facet) ? "⚠ " : row.faults.some((fault) => fault.facet === facet) ? "✓ " : ""}${facet}: ${kinds}`;
  });
  return [...said, ...missed.map((facet) => `✗ ${facet}`)].join("; ") || "–";
};

const wordsOf = ({ faults }: ProbeRow): string => faults.map(({ facet, word }) => `${facet} ${word}`).join(", ") || "nothing";

const sum = (rows: readonly ProbeRow[], side: Side): string => {
  const scores = rows.map((row) => scoreOf(row, side));
  const found = scores.reduce((all, score) => all + score.found, 0);
  const missed = scores.reduce((all, score) => all + score.missed.length, 0);
  const wrong = scores.reduce((all, score) => all + score.wrong.length, 0);
  return `${found} of ${found + missed}, ${wrong} wrong`;
};

export const probeMarkdown = ({ date, node, rows, failed }: ProbeTable): string => {
  const kinds = Object.keys(kindsOf) as ProbeRow["kind"][];
  const sums = kinds.map((kind) => {
    const mine = rows.filter((row) => row.kind === kind);
    return `| ${kindsOf[kind]} | ${mine.length} | ${sum(mine, "outsider")} | ${sum(mine, "known")} |`;
  });
  return [
    `Measured on ${date.slice(0, 10)}${againOf(rows)} with Node ${node.slice(1)}.`,
    ["| | hops | faults recognized as an outsider | with `hopwise origin` behind |", "|---|--:|---|---|", ...sums].join("\n"),
    ...kinds.map((kind) => tableOf(kind, rows)),
    ...(failed.length > 0 ? [`Not probed: ${failed.map(({ name, why }) => `\`${name}\` (${why})`).join("; ")}.`] : []),
  ].join("\n\n");
};

/** What was added to the rest later. */
const againOf = (rows: readonly ProbeRow[]): string => {
  const days = [...new Set(rows.flatMap(({ measuredOn }) => measuredOn ?? []))].toSorted();
  const later = rows.filter(({ measuredOn }) => measuredOn !== undefined);
  return days.length === 0 ? "" : ` (${later.length} of the hops on ${days.join(" and ")})`;
};

const tableOf = (kind: ProbeRow["kind"], rows: readonly ProbeRow[]): string => {
  const mine = rows.filter((row) => row.kind === kind).toSorted((a, b) => a.name.localeCompare(b.name));
  return [
    `### ${kindsOf[kind][0]?.toUpperCase()}${kindsOf[kind].slice(1)}`,
    "",
    "| hop | what it does, by the lab | as an outsider | with `hopwise origin` behind |",
    "|---|---|---|---|",
    ...mine.map((row) => `| \`${row.name}\` | ${wordsOf(row)} | ${cellOf(row, "outsider")} | ${cellOf(row, "known")} |`),
  ].join("\n");
};
