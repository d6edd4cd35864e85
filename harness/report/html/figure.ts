// A picture on a page: the names of its rows beside the drawing, and the same numbers as a table.
import { headlineOf } from "../../model/outcome.ts";
import type { Facet } from "../../model/verdict.ts";
import type { ControlFigures } from "../../model/trace.ts";
import type { ScenarioReport } from "../report.ts";
import { staircaseOf } from "../staircase.ts";
import type { Staircase } from "../staircase.ts";
import { duration } from "../text.ts";
import { waterfallOf } from "../waterfall.ts";
import type { Waterfall } from "../waterfall.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { heightOf, labelOf, rowsOf } from "./rows.ts";
import type { Row } from "./rows.ts";
import { plot, sentenceOf } from "./waterfall-svg.ts";

export interface Drawn {
  waterfall: Waterfall;
  rows: Row[];
  height: number;
  plot: Markup;
}

/** Null: nothing was recorded. */
export const drawn = (report: ScenarioReport, facet: Facet | null, control: ControlFigures | null): Drawn | null => {
  const waterfall = waterfallOf(report, facet, control);
  const trialCase = report.cases.find(({ id }) => id === facet?.case) ?? report.cases[0];
  if (!waterfall || !trialCase) return null;
  const stairs = facet?.facet !== "delivery" ? null : staircaseOf(trialCase, waterfall.culprit, waterfall.totalMs);
  return drawnAs(waterfall, stairs, facet ? headlineOf(facet) : "");
};

/** `word`: what the culprit did. */
export const drawnAs = (waterfall: Waterfall, stairs: Staircase | null, word: string): Drawn => {
  const rows = rowsOf(waterfall, stairs, word);
  return { waterfall, rows, height: heightOf(rows), plot: plot(waterfall, rows, stairs) };
};

export const figure = ({ waterfall, rows, height, plot: drawing }: Drawn): Markup =>
  markup`<figure class="picture">
    <figcaption>${waterfall.title}</figcaption>
    <div class="frame">
      <div class="names" aria-hidden="true">
        ${rows.map(
          ({ kind, label, detail }) =>
            markup`<div class="row ${kind}"><b>${label}</b>${detail !== "" && markup`<span>${detail}</span>`}</div>`,
        )}
      </div>
      <div class="view" tabindex="0" role="img" aria-label="${sentenceOf(waterfall)}" data-total="${waterfall.totalMs}">
        <svg class="plot" width="100%" height="${height}">
          <svg class="zoom" x="0" width="100%" height="${height}" overflow="visible">${drawing}</svg>
        </svg>
      </div>
    </div>
    <details class="numbers">
      <summary>Numbers</summary>
      ${table(waterfall)}
    </details>
  </figure>`;

/** As long as it can be read. */
const mostRows = 200;

const table = ({ lanes }: Waterfall): Markup => {
  const measured = lanes.filter(({ kind }) => kind !== "control");
  const records = Math.max(0, ...measured.map(({ recordsAtMs }) => recordsAtMs.length));
  const cell = (at: number | null | undefined, none: string): Markup =>
    markup`<td>${at === null ? none : at === undefined ? "" : duration(at)}</td>`;
  return markup`<div class="scroll" tabindex="0" role="group" aria-label="Numbers of the picture">
    <table>
      <thead>
        <tr>
          <th scope="col">at</th>
          ${measured.map((lane) => markup`<th scope="col">${labelOf(lane)}</th>`)}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">header section</th>
          ${measured.map(({ kind, headersAtMs }) => cell(kind === "writes" ? undefined : headersAtMs, "never"))}
        </tr>
        ${Array.from(
          { length: Math.min(records, mostRows) },
          (_, record) =>
            markup`<tr>
              <th scope="row">record ${record + 1}</th>
              ${measured.map(({ recordsAtMs }) => cell(recordsAtMs[record], "never"))}
            </tr>`,
        )}
        <tr>
          <th scope="row">end</th>
          ${measured.map(({ kind, endedAtMs, endWords }) =>
            kind === "writes"
              ? markup`<td></td>`
              : markup`<td>${endedAtMs === null ? "still open" : `${duration(endedAtMs)} (${endWords})`}</td>`,
          )}
        </tr>
      </tbody>
    </table>
    ${records > mostRows && markup`<p>${records - mostRows} more records are in the JSON report.</p>`}
  </div>`;
};
