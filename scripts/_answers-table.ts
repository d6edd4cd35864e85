// The tables of answers, for the site and for the matrix's page: a symbol and a word in each cell, and a link to what shows it. Pure.
import { markup } from "../harness/report/html/markup.ts";
import type { Markup } from "../harness/report/html/markup.ts";
import { bytesInWords } from "../harness/report/html/scale.ts";
import { duration } from "../harness/report/text.ts";
import type { CanIStream, Measurement, ServerAnswers } from "./_can-i-stream.ts";
import { nameOf } from "./_site-parts.ts";

/** Where the page has them. */
export interface Links {
  server: (id: string, text: string) => Markup;
  scenario: (id: string, text: string) => Markup;
}

export const legend = "✓ everything measured was good · ✗ with what was seen · – not measured";

export const hasAnswers = ({ answers }: ServerAnswers): boolean => Object.keys(answers).length > 0;

export const heldLegend = "kB·s: what was held in the stream that is recorded of a scenario, in one version";

/** A server and version in each row, a question in each column. `held`: in bytes times seconds, by scenario. */
export const answersTable = ({ servers, questions }: CanIStream, links: Links, held: ReadonlyMap<string, number>): Markup => {
  const asked = Object.entries(questions);
  return markup`<div class="scroll" tabindex="0" role="group" aria-label="Answers"><table class="routes">
      <thead><tr><th scope="col">server</th>${asked.map(([, { title }]) => markup`<th scope="col">${title}</th>`)}</tr></thead>
      <tbody>${servers.filter(hasAnswers).map((server) => markup`<tr data-card data-server="${server.id}" data-kind="${server.kind}" data-verdict="${verdictsOf(server)}"><th scope="row">${links.server(server.id, nameOf(server))}</th>${asked.map(([question]) => answerCell(server.answers[question], links, held))}</tr>`)}</tbody>
    </table></div>`;
};

const verdictsOf = ({ answers }: ServerAnswers): string =>
  Object.values(answers)
    .map(({ verdict }) => verdict)
    .join("\n");

const answerCell = (answer: ServerAnswers["answers"][string] | undefined, { scenario }: Links, held: ReadonlyMap<string, number>): Markup =>
  answer === undefined
    ? markup`<td class="soft">–</td>`
    : markup`<td class="${answer.answer === "yes" ? "good" : "bad"}">${scenario(answer.scenario, answer.answer === "yes" ? "✓" : `✗ ${answer.verdict}`)}${answer.answer === "no" && heldWords(held.get(answer.scenario))}</td>`;

const heldWords = (byteSeconds: number | undefined): Markup | null =>
  byteSeconds === undefined ? null : markup` <span class="held">${bytesInWords(byteSeconds)}·s</span>`;

/** The symbol, the word, the timeouts that were found, and what was held. */
export const measuredWords = ({ culprit, verdict, facet, limits, heldByteSeconds }: Measurement): Markup =>
  markup`${culprit === null ? "✓" : "✗"} ${verdict}${limits.map(({ kind, ms }) => markup` <span class="soft">${kind} ${duration(ms)}</span>`)}${heldByteSeconds !== undefined && facet === "delivery" && markup` <span class="held">held ${bytesInWords(heldByteSeconds)}·s</span>`}`;
