// The report of a run as a page: the answer, what is broken by which hop, and a card per scenario, the most urgent first.
import type { Outcome } from "../../model/outcome.ts";
import { counts } from "../pretty.ts";
import type { Report, ScenarioReport } from "../report.ts";
import { duration } from "../text.ts";
import { meaningOf } from "../words.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { page, pictureQueue } from "./page.ts";
import { distinct, filters, listed } from "./parts.ts";
import { scenarioCard } from "./scenario-card.ts";

export const runPage = (report: Report): string => {
  const { scenarios } = report;
  const inQueue = pictureQueue();
  const sorted = scenarios.toSorted((a, b) => urgency(a) - urgency(b));
  return page(
    `Hopwise: ${counts(report)}`,
    markup`<header>
        <h1>${answerOf(scenarios)}</h1>
        <p class="counts soft">${counts(report)}</p>
        ${report.interrupted && markup`<p class="open">Interrupted: the remaining scenarios are missing.</p>`} ${culpritsOf(sorted)}
      </header>
      <main>
        <h2>Scenarios</h2>
        ${filters([
          { name: "outcome", title: "Outcome", values: distinct(scenarios.map(({ outcome }) => outcome)) },
          { name: "hop", title: "Culprit", values: distinct(scenarios.flatMap(({ culprit }) => culprit ?? [])) },
          { name: "facet", title: "Facet", values: distinct(scenarios.flatMap(({ decisive }) => decisive?.facet ?? [])) },
          { name: "headline", title: "Verdict", values: distinct(scenarios.map(({ headline }) => headline)) },
        ])}
        ${sorted.map((scenario, index) => scenarioCard(scenario, { index, control: report.control, inQueue }))}
      </main>
      <footer>${aboutOf(report)}</footer>`,
  );
};

const order: readonly Outcome[] = ["fail", "harness-fault", "inconclusive", "unsupported", "pass"];

/** A known fault is more to look at than a pass; a failure that a baseline has too is less than a new one. */
const urgency = ({ outcome, kind, baseline }: ScenarioReport): number =>
  order.indexOf(outcome) + (baseline?.change === "known" ? 0.5 : 0) + (kind === "requirement" ? 0.25 : 0);

const answerOf = (scenarios: readonly ScenarioReport[]): string => {
  const failed = scenarios.filter(({ outcome }) => outcome === "fail");
  const open = scenarios.filter(({ outcome }) => outcome !== "fail" && outcome !== "pass").length;
  const [first] = failed;
  if (!first) return open > 0 ? `Nothing failed, but ${open} of ${scenarios.length} could not be judged` : passedWords(scenarios);
  const blamed = distinct(failed.flatMap(({ culprit }) => culprit ?? []));
  return failed.length === 1
    ? `${first.culprit ?? "A hop"} breaks the stream: ${first.headline}`
    : `${failed.length} of ${scenarios.length} scenarios fail${blamed.length > 0 ? `, because of ${blamed.join(", ")}` : ""}`;
};

/** A pass may be a fault that is expected. */
const passedWords = (scenarios: readonly ScenarioReport[]): string => {
  const known = scenarios.filter(({ culprit }) => culprit !== null).length;
  if (scenarios.length === 1) return `The scenario passed${known === 1 ? ", and shows a known fault" : ""}`;
  return `Every scenario passed${known === 0 ? "" : `; ${known === scenarios.length ? "all" : `${known} of ${scenarios.length}`} show known faults`}`;
};

/** What fails, by culprit. Where nothing does, what is known to be wrong. `scenarios`: in the order of their cards. */
const culpritsOf = (scenarios: readonly ScenarioReport[]): Markup | null => {
  const failed = scenarios.filter(({ outcome }) => outcome === "fail");
  const wrong = (failed.length > 0 ? failed : scenarios).filter(({ culprit }) => culprit !== null);
  const groups = [...Map.groupBy(wrong, ({ culprit }) => culprit ?? "")].toSorted(([, a], [, b]) => b.length - a.length);
  if (groups.length === 0) return null;
  return markup`<ul class="culprits${failed.length === 0 && " known"}" aria-label="${failed.length > 0 ? "Culprits" : "Known faults by hop"}">
    ${groups.map(([culprit, all]) => culpritLine(culprit, all, scenarios))}
  </ul>`;
};

/** The first of them is where it leads. */
const culpritLine = (culprit: string, all: readonly ScenarioReport[], scenarios: readonly ScenarioReport[]): Markup => {
  const [first] = all;
  const words = distinct(all.map(({ headline }) => headline));
  return markup`<li>
    <a class="bad" href="#s${first ? scenarios.indexOf(first) : 0}"><b>${culprit}</b></a> <b>${words.join(", ")}</b>
    ${first && words.length === 1 && markup`<span>${meaningOf(first.headline)}</span>`}
    <span class="soft">${all.length === 1 ? first?.id : `${all.length} scenarios`}</span>
  </li>`;
};

const aboutOf = ({ machine, control, runtime, versions, timeScale, startedAt, tool }: Report): Markup =>
  listed([
    ["measured", `${startedAt}, by Hopwise ${tool.version}`],
    ["runtime", `${runtime} on ${machine.platform}, ${machine.cores} cores${timeScale === 1 ? "" : `, clocks ${timeScale}× faster`}`],
    ["ran", distinct(Object.values(versions)).join(" · ") || "nothing"],
    ...(control
      ? ([
          [
            "control",
            `p50 ${duration(control.p50Ms)} · p99 ${duration(control.p99Ms)} · worst ${duration(control.maxMs)} through a straight pipe`,
          ],
        ] as const)
      : []),
  ]);
