// The report of a run in Markdown, for a pull request or a job summary: the counts, and a folded section for each scenario that is not as it must be.
import { code, fenced, prose, room } from "./check-markdown.ts";
import { noCommands } from "./check-text.ts";
import { decisiveFacet } from "./decisive.ts";
import { paintOf } from "./look.ts";
import { legend, picture } from "./picture.ts";
import { counts } from "./pretty.ts";
import type { Report, ScenarioReport } from "./report.ts";
import { meaningOf, outcomeWords, pageOf } from "./words.ts";

const look = { width: 90, color: false };

export const runMarkdown = (report: Report): string => {
  const start = [
    `## hopwise run: ${counts(report)}`,
    ...(report.interrupted ? ["**Interrupted: the remaining scenarios are missing.**"] : []),
  ];
  const wrong = report.scenarios
    .filter(({ outcome }) => outcome !== "pass")
    .toSorted((a, b) => Number(b.outcome === "fail") - Number(a.outcome === "fail"));
  const end = wrong.some((one) => drawingOf(one).length > 0) ? [legend] : [];
  let left = room - [...start, ...end].reduce((sum, block) => sum + block.length + 2, 0);
  const shown = wrong.map(section).filter((block) => (left -= block.length + 2) > 0);
  const missing = wrong.length - shown.length;
  return `${noCommands([...start, ...shown, ...(missing > 0 ? [`${missing} more did not fit.`] : []), ...end].join("\n\n"))}\n`;
};

const drawingOf = (scenario: ScenarioReport): string[] => {
  const facet = decisiveFacet(scenario);
  return facet && scenario.outcome === "fail" ? picture(scenario, facet, look, paintOf(look)) : [];
};

const section = (scenario: ScenarioReport): string => {
  const { outcome, headline, culprit, id, title, why, chain, reproduce, baseline } = scenario;
  const drawn = drawingOf(scenario);
  const { mark, word } = outcomeWords[outcome];
  return [
    "<details>",
    `<summary>${mark} ${word} ${code(id)} ${headline === "not-judged" ? "" : `<b>${headline}</b>`}${culprit === null ? "" : `, culprit ${code(culprit)}`}${baseline ? ` (${baseline.change})` : ""}</summary>`,
    "",
    prose(title),
    "",
    code(chain.join(" → ")),
    "",
    prose(why),
    "",
    ...(drawn.length > 0 ? [fenced(drawn), ""] : []),
    ...(outcome === "fail" ? [`*${headline}*: ${meaningOf(headline)} (${pageOf(headline)})`, ""] : []),
    ...(reproduce === null ? [] : [fenced([reproduce], "sh"), ""]),
    "</details>",
  ].join("\n");
};
