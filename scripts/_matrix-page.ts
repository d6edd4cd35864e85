// The matrix as a page in one file: default configurations, all variants, and a card for each scenario, to which the cells lead. Pure.
import type { Trace } from "../harness/model/trace.ts";
import type { FacetName } from "../harness/model/verdict.ts";
import { markup } from "../harness/report/html/markup.ts";
import type { Markup } from "../harness/report/html/markup.ts";
import { page, pictureQueue } from "../harness/report/html/page.ts";
import { distinct, filters } from "../harness/report/html/parts.ts";
import { headlines, meaningOf } from "../harness/report/words.ts";
import { answersTable, heldLegend, legend, measuredWords } from "./_answers-table.ts";
import type { CanIStream, Measurement, ServerAnswers } from "./_can-i-stream.ts";
import { nameOf } from "./_site-parts.ts";
import type { Description } from "./_site-parts.ts";
import { heldInAnswers } from "./_site-scenario.ts";
import { scenarioCard } from "./_matrix-card.ts";

export interface MatrixSource {
  data: CanIStream;
  described: ReadonlyMap<string, Description>;
  traces: ReadonlyMap<string, Trace>;
}

const toScenario = (id: string, text: string | Markup): Markup => markup`<a href="#c-${id}">${text}</a>`;

export const matrixPage = ({ data, described, traces }: MatrixSource): string => {
  const { servers, measured } = data;
  const all = servers.flatMap(({ measurements }) => measurements);
  const ids = distinct(all.map(({ scenario }) => scenario));
  const inQueue = pictureQueue();
  return page(
    "Hopwise: what streams through each server",
    markup`<header>
      <h1>What streams through each server</h1>
      <p class="counts soft">Measured ${measured.from} to ${measured.to}: real servers, real streams, the bytes of every connection recorded.</p>
      <p class="soft">${legend} · ${heldLegend}. Each answer leads to the scenario that shows it.</p>
    </header>
    <main>
      ${filters([
        { name: "server", title: "Server", values: distinct(servers.map(({ id }) => id)) },
        { name: "kind", title: "Kind", values: distinct(servers.map(({ kind }) => kind)) },
        { name: "verdict", title: "Verdict", values: distinct(all.map(({ verdict }) => verdict)) },
      ])}
      <section data-section>
        <h2>Default configurations</h2>
        ${answersTable(data, { server: (id, text) => markup`<a href="#v-${id}">${text}</a>`, scenario: toScenario }, heldInAnswers(data, traces))}
      </section>
      <section data-section>
        <h2>All variants</h2>
        <p class="soft">A name is a variant of the server's configuration in the catalog: npx hopwise list servers describes them.</p>
        ${variantsTable(data)}
      </section>
      <section data-section>
        <h2>Scenarios</h2>
        ${ids.map((id) => scenarioCard(id, { data, described: described.get(id) ?? null, trace: traces.get(id) ?? null, inQueue }))}
      </section>
    </main>
    <footer>
      <h2>Words</h2>
      <dl>${headlines.filter((one) => all.some(({ verdict }) => verdict === one)).map((one) => markup`<dt>${one}</dt><dd>${meaningOf(one)}</dd>`)}</dl>
    </footer>`,
  );
};

const columns = ["delivery", "headers", "ending", "source", "disconnect"] as const satisfies FacetName[];

const variantsTable = ({ servers }: CanIStream): Markup =>
  markup`<div class="scroll" tabindex="0" role="group" aria-label="All variants"><table class="routes">
      <thead><tr><th scope="col">server</th>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr></thead>
      <tbody>${servers.map(
        (server, index) =>
          markup`<tr data-card data-follows data-server="${server.id}" data-kind="${server.kind}" data-verdict="${server.measurements.map(({ verdict }) => verdict).join("\n")}">${rowHead(server, servers.findIndex(({ id }) => id === server.id) === index)}${columns.map((facet) => variantsCell(server, facet))}</tr>`,
      )}</tbody>
    </table></div>`;

/** The first version of a server is where links to it lead. */
const rowHead = (server: ServerAnswers, isFirst: boolean): Markup =>
  isFirst ? markup`<th scope="row" id="v-${server.id}">${nameOf(server)}</th>` : markup`<th scope="row">${nameOf(server)}</th>`;

/** What is wrong goes first; one link for each variant that shows it. */
const variantsCell = ({ measurements }: ServerAnswers, facet: FacetName): Markup => {
  const words = Map.groupBy(
    measurements.filter((one) => one.facet === facet),
    ({ verdict, culprit }) => `${culprit === null ? 1 : 0} ${verdict}`,
  );
  if (words.size === 0) return markup`<td class="soft">–</td>`;
  return markup`<td>${[...words].toSorted(([a], [b]) => a.localeCompare(b)).map(([, found]) => wordOf(found))}</td>`;
};

const wordOf = (found: readonly Measurement[]): Markup | null => {
  const [first] = found;
  if (!first) return null;
  const variants = [...Map.groupBy(found, ({ variant }) => variant)];
  return markup`<p><b class="${first.culprit === null ? "good" : "bad"}">${measuredWords({ ...first, limits: [] })}</b>: ${variants.map(([variant, [one]], index) => markup`${index > 0 && ", "}${one && toScenario(one.scenario, variant)}`)}</p>`;
};
