// The report of a probe as a page: the answer, what was concluded, all responses as a table, and a card with a picture for each.
import { nameOf } from "../../probe/variation-name.ts";
import type { ProbeReport, ProbeResponse } from "../probe-report.ts";
import { answerOf, countsOf, furtherOf, interruptedWords, nextSteps, onlyTheLab, probeMarks } from "../probe-summary.ts";
import { duration } from "../text.ts";
import { markup } from "./markup.ts";
import type { Markup, Value } from "./markup.ts";
import { page } from "./page.ts";
import { listed } from "./parts.ts";
import { levelOf, lookOf, probeCard, statusOf } from "./probe-card.ts";

export const probePage = (report: ProbeReport): string => {
  const { url, finalUrl, method, responses, origin, interrupted } = report;
  return page(
    `Hopwise: ${url}: ${countsOf(report)}`,
    markup`<header>
        <h1>${answerOf(report)}</h1>
        <p class="counts soft"><code>${method} ${url}</code>${finalUrl !== null && markup`, which leads to <code>${finalUrl}</code>`}: ${countsOf(report)}</p>
        ${interrupted && markup`<p class="open">${interruptedWords}</p>`} ${concludedOf(report)}
        ${nextSteps(report).map((text) => markup`<p>Next: ${text}.</p>`)}
      </header>
      <main>
        <section>
          <h2>Responses</h2>
          ${cards(responses, "p", report)}
        </section>
        ${
          origin &&
          markup`<section>
            <h2>The origin, asked directly</h2>
            <p><code>${origin.url}</code></p>
            ${cards(origin.responses, "o", report)}
          </section>`
        }
        <section>
          <h2>All responses as numbers</h2>
          ${tableOf(report)}
        </section>
      </main>
      <footer>${aboutOf(report)}</footer>`,
  );
};

const cards = (responses: readonly ProbeResponse[], prefix: string, report: ProbeReport): Markup[] =>
  responses.map((response, index) =>
    probeCard(response, { name: `${prefix}${index}`, before: responses.slice(0, index), report, isOrigin: prefix === "o" }),
  );

/** What the heading leaves out. */
const concludedOf = (report: ProbeReport): Markup | null => {
  const all = furtherOf(report);
  if (all.length === 0) return null;
  return markup`<ul class="culprits" aria-label="Concluded">
    ${all.map((says) => markup`<li>${says}</li>`)}
  </ul>`;
};

const tableOf = (report: ProbeReport): Markup => {
  const { responses, origin } = report;
  return markup`<div class="scroll" tabindex="0" role="group" aria-label="All responses">
    <table class="routes">
      <thead>
        <tr>
          <th scope="col">asked</th>
          <th scope="col">seen</th>
          <th scope="col">header section</th>
          <th scope="col">first record</th>
          <th scope="col">last record</th>
          <th scope="col">end</th>
          <th scope="col">answered</th>
        </tr>
      </thead>
      <tbody>
        ${responses.map((response, index) => rowOf(response, shortName(response), `p${index}`))}
        ${(origin?.responses ?? []).map((response, index) => rowOf(response, `the origin: ${shortName(response)}`, `o${index}`))}
      </tbody>
    </table>
  </div>`;
};

/** The whole name is on the card. */
const shortName = (response: ProbeResponse): string =>
  nameOf({ ...response, acceptEncoding: null }) + (response.acceptEncoding === null ? "" : " + Accept-Encoding");

const rowOf = (response: ProbeResponse, name: string, id: string): Markup => {
  const { headersMs, recordsMs, records, unit, end } = response;
  const [first] = recordsMs;
  const last = records > recordsMs.length ? undefined : recordsMs.at(-1);
  const { text, word } = lookOf(levelOf(response));
  return markup`<tr>
    <th scope="row"><a href="#${id}">${name}</a></th>
    <td class="n ${text}">${probeMarks[levelOf(response)]} ${word}, ${records} ${unit}${records === 1 ? "" : "s"}</td>
    ${[headersMs, first, last].map((ms) => markup`<td class="n">${ms === null || ms === undefined ? "–" : duration(ms)}</td>`)}
    <td class="n">${end.how === "open" ? "open at" : end.how} ${duration(end.atMs)}</td>
    <td>${statusOf(response)}</td>
  </tr>`;
};

const aboutOf = (report: ProbeReport): Markup => {
  const rows: [string, Value][] = [
    ["measured", `${report.startedAt}, by Hopwise ${report.tool.version}, as a client of what is deployed`],
    ...report.notChecked.map(({ what, why }): [string, Value] => ["not checked", `${what}: ${why}`]),
    ["only the lab", onlyTheLab(report)],
  ];
  return markup`<h2>About this probe</h2>
    ${listed(rows)}`;
};
