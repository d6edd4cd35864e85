// The report of a check without an engine as a page: what lines may do, never what they did. There is nothing to draw.
import type { PredictedReport, PredictedRoute, Prediction } from "../predicted-report.ts";
import { placeOf } from "../check-words.ts";
import {
  countsOf,
  headline,
  nothingKnown,
  predictionsOn,
  proofSteps,
  purposeOf,
  requestOf,
  sentencesOf,
  subjectOf,
} from "../predicted-words.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { page } from "./page.ts";
import { diffOf, filters, linked, listed } from "./parts.ts";

export const predictedPage = (report: PredictedReport): string => {
  const { routes, given, notChecked } = report;
  return page(
    `Hopwise: ${given}: nothing was run`,
    markup`<header>
        <h1>${headline}</h1>
        <p class="counts soft">${given}: ${countsOf(report)}</p>
        ${notChecked.map(({ what, why, at }) => markup`<p class="open">not checked: <code>${placeOf(at)}: ${what}</code> (${why})</p>`)}
      </header>
      <main>
        ${filters([
          { name: "severity", title: "Level", values: ["risk", "note"] },
          { name: "route", title: "Route", values: routes.map(({ id }) => id) },
        ])}
        ${routes.map((route, at) => section(report, route, at))}
      </main>
      <footer>
        <h2>To prove it</h2>
        <ul>
          ${proofSteps(report).map((step) => markup`<li>${step}</li>`)}
        </ul>
      </footer>`,
  );
};

const section = (report: PredictedReport, route: PredictedRoute, at: number): Markup => {
  const predictions = predictionsOn(report, route);
  return markup`<section data-section>
    <h2>${requestOf(route)}</h2>
    <p class="soft">${purposeOf(report, route)}</p>
    ${predictions.length === 0 && markup`<p>${nothingKnown}</p>`}
    ${predictions.map((prediction, index) => card(prediction, `p${at}-${index}`))}
  </section>`;
};

const card = (prediction: Prediction, name: string): Markup => {
  const { level, route, quote, at, fix, link } = prediction;
  return markup`<article class="card ${level === "risk" ? "warning" : "note"}" data-card data-severity="${level}" data-route="${route}">
    <div class="top">
      <span class="mark">${level === "risk" ? "! may break" : "• note"}</span>
      <h3>${subjectOf(prediction)}</h3>
    </div>
    ${quote !== undefined && markup`<pre class="quote"><b>${placeOf(at)}</b>   ${quote.trim()}</pre>`}
    <ul>
      ${sentencesOf(prediction).map((sentence) => markup`<li>${sentence}</li>`)}
    </ul>
    ${fix && markup`<h4>Fix to try, not proven: ${fix.title}</h4>`} ${fix && diffOf(fix.diff, `${name}d`)}
    ${fix?.cost && markup`<p class="soft">Possible cost: ${fix.cost}</p>`} ${listed([["see", linked(link)]])}
  </article>`;
};
