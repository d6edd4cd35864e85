// The report of a check as a page: the answer, what breaks it by line, routes × facets, a card per finding, and every trial of each route.
import { aloneSentence } from "../check-alone.ts";
import { groupsOf } from "../check-group.ts";
import type { Group } from "../check-group.ts";
import { factSentences } from "../check-facts.ts";
import { notCheckedSentences } from "../check-not-run.ts";
import { next } from "../check-pretty.ts";
import type { CheckReport, CheckRoute, Level } from "../check-report.ts";
import { cellWords, legend, rowsOf } from "../check-table.ts";
import type { Cell } from "../check-table.ts";
import { proxiesSentence, ranIn } from "../check-proxies.ts";
import { attemptsSentence, countsOf, keptSentences, placeOf, unexplained, unjudged } from "../check-words.ts";
import { duration } from "../text.ts";
import { findingCard } from "./finding-card.ts";
import { markup } from "./markup.ts";
import type { Markup, Value } from "./markup.ts";
import { page, pictureQueue } from "./page.ts";
import { distinct, filters, listed } from "./parts.ts";
import { scenarioCard } from "./scenario-card.ts";

export const checkPage = (report: CheckReport): string => {
  const { routes, given } = report;
  const groups = groupsOf(report);
  const inQueue = pictureQueue();
  return page(
    `Hopwise: ${given}: ${countsOf(report)}`,
    markup`<header>
        <h1>${answerOf(report, groups)}</h1>
        <p class="counts soft">${given}, for ${report.purpose}: ${countsOf(report)}</p>
        ${report.interrupted && markup`<p class="open">Interrupted: the remaining checks are missing.</p>`} ${culpritsOf(groups)}
        ${tableOf(report)}
        ${factSentences(report).map(({ sentence, routes: on }) => markup`<p><code>${on.join(", ")}</code>: ${sentence}</p>`)}
        ${openOf(report)} ${next(report).map((text) => markup`<p>Next: ${text}.</p>`)}
      </header>
      <main>
        ${filters(filtersOf(report, groups))}
        ${
          groups.length > 0 &&
          markup`<section data-section>
            <h2>Findings</h2>
            ${groups.map((group, index) => findingCard(report, group, index, inQueue))}
          </section>`
        }
        ${routes.map((route, at) => routeSection(report, route, { at, inQueue }))}
      </main>
      <footer>${aboutOf(report)}</footer>`,
  );
};

const answerOf = ({ routes, purpose }: CheckReport, groups: readonly Group[]): string => {
  const errors = groups.filter(({ first }) => first.level === "error");
  const [first] = errors;
  if (!first) {
    const outcomes = routes.flatMap(({ checks }) => checks.map(({ scenario }) => scenario.outcome));
    if (outcomes.includes("fail")) return `Something fails on ${distinct(routes.map(({ id }) => id)).join(", ")}, and no line was found`;
    return outcomes.every((outcome) => outcome === "pass")
      ? `Every route carries ${purpose} as it must`
      : `Nothing is known to break ${purpose} here, but not everything could be judged`;
  }
  const place = first.first.culprit ? ` (${placeOf(first.first.at)})` : "";
  return `${first.first.says}${place}${errors.length > 1 ? `, and ${errors.length - 1} more` : ""}`;
};

const culpritsOf = (groups: readonly Group[]): Markup | null => {
  const wrong = [...groups.entries()].filter(([, { first }]) => first.level !== "note");
  if (wrong.length === 0) return null;
  return markup`<ul class="culprits" aria-label="What is broken, by line">
    ${wrong.map(
      ([index, { first, routes }]) =>
        markup`<li>
          <a href="#f${index}"><code>${placeOf(first.at)}</code></a> <b class="bad">${first.rule}</b>
          <span>${first.culprit ? first.culprit.directive + (first.culprit.absent ? " is not set" : "") : first.says}</span>
          <span class="soft">${routes.join(", ")}${first.fix && " · a fix is proven"}</span>
        </li>`,
    )}
  </ul>`;
};

const stateClass: Record<Cell["state"], string> = { bad: "bad", risky: "open", open: "open", good: "good", untested: "soft" };

const tableOf = (report: CheckReport): Markup | null => {
  const { shown, rows } = rowsOf(report);
  if (rows.length === 0 || shown.length === 0) return null;
  return markup`<div class="scroll" tabindex="0" role="group" aria-label="Routes and facets">
      <table class="routes">
        <thead>
          <tr>
            <th scope="col">route</th>
            ${shown.map((column) => markup`<th scope="col">${column}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ route, cells }, index) =>
              markup`<tr>
                <th scope="row"><a href="#r${index}">${route}</a></th>
                ${shown.map((column) => {
                  const cell = cells.get(column) ?? { state: "untested" as const, words: [] };
                  return markup`<td class="${stateClass[cell.state]}">${cellWords(cell)}</td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="soft">${legend}</p>`;
};

const openOf = (report: CheckReport): Markup[] =>
  [
    ...unjudged(report).map(({ route, check, outcome, why }) => `${route.id} ${check}: ${outcome}: ${why}`),
    ...unexplained(report).map(({ route, check, why }) => `${route.id} ${check}: ${why}`),
    ...notCheckedSentences(report).map(({ text }) => text),
  ].map((text) => markup`<p class="open">? ${text}</p>`);

const levels: readonly Level[] = ["error", "warning", "note"];

const filtersOf = ({ routes }: CheckReport, groups: readonly Group[]) => {
  const scenarios = routes.flatMap(({ checks }) => checks.map(({ scenario }) => scenario));
  return [
    { name: "severity", title: "Severity", values: levels.filter((level) => groups.some(({ first }) => first.level === level)) },
    { name: "route", title: "Route", values: routes.map(({ id }) => id) },
    { name: "outcome", title: "Outcome", values: distinct(scenarios.map(({ outcome }) => outcome)) },
    { name: "hop", title: "Culprit", values: distinct(scenarios.flatMap(({ culprit }) => culprit ?? [])) },
    { name: "facet", title: "Facet", values: distinct(scenarios.flatMap(({ decisive }) => decisive?.facet ?? [])) },
  ];
};

const routeSection = (
  { control }: CheckReport,
  { id, url, title, at, checks }: CheckRoute,
  { at: number, inQueue }: { at: number; inQueue: ReturnType<typeof pictureQueue> },
): Markup =>
  markup`<section data-section id="r${number}">
    <h2>Route ${id}</h2>
    <p><code>${url}</code> <span class="soft">${title} (${placeOf(at)})</span></p>
    ${checks.map(({ scenario }, index) => scenarioCard(scenario, { index: `r${number}c${index}`, control, inQueue, route: id }))}
  </section>`;

const aboutOf = (report: CheckReport): Markup => {
  const { files, stubs, notChecked, control, machine, tool, startedAt, realTime } = report;
  const rows: [string, Value][] = [
    ["measured", `${startedAt}, by Hopwise ${tool.version} on ${machine.platform}, ${machine.cores} cores`],
    ...proxiesSentence(report).map((text): [string, Value] => ["proxies", text]),
    ...ranIn(report).map((text): [string, Value] => ["ran", text]),
    ["read", files.join(", ")],
    ...keptSentences(report).map((text): [string, Value] => ["application", text]),
    ...stubs.map(({ what, why }): [string, Value] => ["stub", `${what} (${why})`]),
    ...notChecked.map(({ what, why, at }): [string, Value] => ["not checked", `${placeOf(at)}: ${what} (${why})`]),
    ...(realTime === undefined ? [] : [["limits", `waited for in real time: ${realTime}`] as [string, Value]]),
    ...(control
      ? [
          [
            "control",
            `p50 ${duration(control.p50Ms)} · p99 ${duration(control.p99Ms)} · worst ${duration(control.maxMs)} through a straight pipe`,
          ] as [string, Value],
        ]
      : []),
    ...[...attemptsSentence(report), ...aloneSentence(report)].map((text): [string, Value] => ["attempts", text]),
  ];
  return markup`<h2>About this check</h2>
    ${listed(rows)}`;
};
