// The whole matrix: one line per server and version, one column per facet, words with links to the scenarios. Pure.
import type { FacetName } from "../harness/model/verdict.ts";
import { bytesInWords } from "../harness/report/html/scale.ts";
import type { Result, Shown } from "./_results.ts";

const columns = ["delivery", "headers", "ending", "source", "disconnect"] as const satisfies FacetName[];

export const harmless = new Set(["incremental", "prompt", "complete", "truncated-visibly", "origin", "propagated"]);

export const table = (results: readonly Result[]): string => {
  const rows = results
    .toSorted(byName)
    .map((result) => `| ${nameOf(result)} | ${columns.map((facet) => cellOf(result, facet)).join(" | ")} |`);
  return [`| | ${columns.join(" | ")} |`, `|---|${columns.map(() => "---").join("|")}|`, ...rows].join("\n");
};

/** The days of the first and the last measurement. */
export const dates = (results: readonly Result[]): string => {
  const days = results
    .flatMap(({ measuredOn, scenarios }) => [measuredOn, ...scenarios.map((shown) => shown.measuredOn ?? measuredOn)])
    .toSorted();
  return [...new Set([days[0], days.at(-1)])].join(" to ");
};

export const byName = (a: Result, b: Result): number =>
  Number(a.kind === "middleware") - Number(b.kind === "middleware") ||
  a.server.localeCompare(b.server) ||
  a.version.localeCompare(b.version, "en", { numeric: true }) ||
  (b.node ?? "").localeCompare(a.node ?? "", "en", { numeric: true });

export const nameOf = ({ server, version, node }: Result): string =>
  version === node ? `${server}, Node ${version}` : `${server} ${version}${node === null ? "" : `, Node ${node.split(".")[0]}`}`;

const cellOf = ({ scenarios }: Result, facet: FacetName): string => {
  const words = Map.groupBy(
    // What clients of each protocol see has a table of its own.
    scenarios.filter((shown) => shown.facet === facet && shown.clients === undefined),
    ({ word }) => word,
  );
  return [...words]
    .toSorted(([a], [b]) => Number(harmless.has(a)) - Number(harmless.has(b)) || a.localeCompare(b))
    .map(([word, shown]) => `${harmless.has(word) ? word : `**${word}**`}: ${linksOf(shown)}`)
    .join("; ");
};

/** Of a body: what waits with a header section is no more than its first bytes. */
const heldWords = (shown: Shown | undefined): string =>
  shown?.heldByteSeconds === undefined || shown.facet !== "delivery" ? "" : ` ${bytesInWords(shown.heldByteSeconds)}·s`;

/** One link per variant, with what was held; the default goes first. */
const linksOf = (shown: readonly Shown[]): string =>
  [...Map.groupBy(shown, ({ variant }) => variant)]
    .toSorted(([a], [b]) => Number(b === "default") - Number(a === "default") || a.localeCompare(b))
    .map(([variant, [first]]) => `[${variant}](../scenarios/${first?.id}.ts)${heldWords(first)}`)
    .join(", ");
