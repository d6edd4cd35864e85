// From a report of scenarios with real applications to what is kept of it, and the table that docs/claims.md shows. Pure.
import { applicationWords } from "../harness/report/application-words.ts";
import type { Report, ScenarioReport } from "../harness/report/report.ts";

/** What one scenario showed, with one version of its application. */
export interface Shown {
  /** `django-streams-events@5.2`. */
  id: string;
  chain: string[];
  /** The versions of the application and its server. */
  ran: string;
  headline: string;
  culprit: string | null;
  /** The evidence, with its numbers. */
  seen: string;
  /** How items became chunks, or what the application noticed. */
  application: string;
  measuredOn: string;
}

/** What was judged: another version may show something else than its scenario says. */
export const shownIn = (report: Report): Shown[] =>
  report.scenarios.filter(({ outcome }) => outcome === "pass" || outcome === "fail").map((one) => shownBy(one, report));

const shownBy = (scenario: ScenarioReport, { versions, startedAt }: Report): Shown => {
  const [app = ""] = scenario.chain;
  return {
    id: scenario.id,
    chain: scenario.chain,
    ran: versions[app] ?? "",
    headline: scenario.headline,
    culprit: scenario.culprit,
    seen: scenario.why,
    application: applicationWords(scenario)
      .join("; ")
      .replace(/^the application:? /, ""),
    measuredOn: startedAt.slice(0, 10),
  };
};

/** What was measured again replaces what was. */
export const merged = (before: readonly Shown[], now: readonly Shown[]): Shown[] => {
  const again = new Set(now.map(({ id }) => id));
  return [...before.filter(({ id }) => !again.has(id)), ...now].toSorted((a, b) => a.id.localeCompare(b.id));
};

export const scenarioOf = ({ id }: Pick<Shown, "id">): string => id.split("@", 1)[0] ?? id;

export const table = (shown: readonly Shown[]): string =>
  [...Map.groupBy(shown, ({ chain: [app = ""] }) => app.split(/[@:]/, 1)[0] ?? "")]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .flatMap(([app, rows]) => [
      `### ${app}`,
      "",
      "| scenario | chain | ran | showed | the application |",
      "|---|---|---|---|---|",
      ...Map.groupBy(rows, (one) => JSON.stringify([scenarioOf(one), one.headline, one.culprit]))
        .values()
        .map(rowOf),
      "",
    ])
    .join("\n")
    .trimEnd();

/** Versions that showed the same share a row; the evidence is that of the last. */
const rowOf = (same: readonly Shown[]): string => {
  const last = same.at(-1) as Shown;
  const { chain, headline, culprit, seen, application } = last;
  const id = scenarioOf(last);
  return `| ${[
    `[${id}](../scenarios/${id}.ts)`,
    `\`${chain
      .slice(0, -1)
      .join(" → ")
      .replace(/@[\d.]+/, "")}\``,
    same.map(({ ran }) => ran).join("<br>"),
    `**${headline}**${culprit === null ? "" : ` (${culprit})`}: ${seen.replace(/^(does|must) .*, but (the wire showed [\w-]+: )?/, "")}`,
    application,
  ]
    .map((cell) => cell.replaceAll("|", String.raw`\|`))
    .join(" | ")} |`;
};
