// The report of the bench: results/bench.json (schema hopwise.bench/1), and its figures as a table. Pure.
import { pad, widthOf } from "../harness/report/text.ts";
import type { Figure } from "./_figure.ts";

export interface BenchReport {
  schema: "hopwise.bench/1";
  date: string;
  node: string;
  machine: {
    platform: string;
    kernel: string;
    cpu: string;
    cores: number;
    memoryGiB: number;
    /** The largest share of processor time that other processes used during a part; null if unknown. */
    busyShare: number | null;
  };
  figures: (Figure & { part: string })[];
  skipped: { part: string; why: string }[];
  failed: { part: string; why: string }[];
}

/** Above this, the figures say more about other processes than about Hopwise. */
const calmShare = 0.15;

export const isDisturbed = ({ machine }: BenchReport): boolean => (machine.busyShare ?? 0) > calmShare;

export const percent = (share: number): string => `${Math.round(100 * share)} %`;

const columns = ["part", "figure", "value", "aim", ""] as const;
type Row = Record<(typeof columns)[number], string>;

const rowsOf = ({ figures, skipped, failed }: BenchReport): Row[] => [
  ...figures.map(({ part, name, value, unit, aim, ratioTo }) => ({
    part,
    figure: name + (ratioTo ? ` (${digits(ratioTo.ratio)} × ${ratioTo.name})` : ""),
    value: `${digits(value)} ${unit}`,
    aim: aim === undefined ? "" : `≤ ${aim} ${unit}`,
    "": aim === undefined ? "" : value <= aim ? "✓" : "✗",
  })),
  ...skipped.map(({ part, why }) => ({ part, figure: `skipped: ${why}`, value: "", aim: "", "": "" })),
  ...failed.map(({ part, why }) => ({ part, figure: `failed: ${why.split("\n")[0]}`, value: "", aim: "", "": "✗" })),
];

/** At most three significant digits. */
const digits = (value: number): string => {
  const size = Math.abs(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
};

/** For a terminal: the part's name is only in its first row. */
export const table = (report: BenchReport): string => {
  const rows = rowsOf(report);
  const width = (column: keyof Row): number =>
    Math.max(widthOf(column), ...rows.map((row) => (row.value === "" ? 0 : widthOf(row[column]))));
  const line = (row: Row): string =>
    [
      pad(row.part, width("part")),
      pad(row.figure, width("figure")),
      row.value.padStart(width("value")),
      row.aim.padStart(width("aim")),
      row[""],
    ]
      .join("  ")
      .trimEnd();
  const heading = line(Object.fromEntries(columns.map((column) => [column, column])) as Row);
  const lines = rows.map((row, index) => line({ ...row, part: rows[index - 1]?.part === row.part ? "" : row.part }));
  return [heading, "-".repeat(widthOf(heading)), ...lines].join("\n");
};

export const markdown = (report: BenchReport): string => {
  const { date, node, machine } = report;
  const rows = rowsOf(report).map((row) => `| ${columns.map((column) => row[column].replaceAll("|", "\\|")).join(" | ")} |`);
  const busy =
    machine.busyShare === null
      ? ""
      : `, ${percent(machine.busyShare)} of the processors busy with other things${isDisturbed(report) ? ": **disturbed**" : ""}`;
  return [
    `${date.slice(0, 10)}, Node ${node.replace(/^v/, "")}, ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.platform} ${machine.kernel}${busy}.`,
    "",
    `| ${columns.join(" | ")} |`,
    `|---|---|--:|--:|---|`,
    ...rows,
  ].join("\n");
};
