// The card of a scenario on the matrix's page: what was measured with it, and a recorded stream. Pure.
import type { Trace } from "../harness/model/trace.ts";
import { markup } from "../harness/report/html/markup.ts";
import type { Markup } from "../harness/report/html/markup.ts";
import { distinct } from "../harness/report/html/parts.ts";
import { measuredWords } from "./_answers-table.ts";
import type { CanIStream } from "./_can-i-stream.ts";
import { nameOf } from "./_site-parts.ts";
import type { Description } from "./_site-parts.ts";
import { foundWith, recordedStream } from "./_site-scenario.ts";

interface Around {
  data: CanIStream;
  described: Description | null;
  trace: Trace | null;
  inQueue: (make: () => Markup | null) => Markup | null;
}

export const scenarioCard = (id: string, { data, described, trace, inQueue }: Around): Markup => {
  const found = foundWith(id, data);
  const isGood = found.every(({ one }) => one.culprit === null);
  return markup`<article
    class="card ${isGood ? "pass" : "fail"}"
    id="c-${id}"
    aria-labelledby="t-${id}"
    data-card
    data-follows
    data-server="${distinct(found.map(({ server }) => server.id)).join("\n")}"
    data-kind="${distinct(found.map(({ server }) => server.kind)).join("\n")}"
    data-verdict="${distinct(found.map(({ one }) => one.verdict)).join("\n")}"
  >
    <div class="top"><h3 id="t-${id}">${described?.title ?? id}</h3><code class="soft">${id}</code></div>
    <ul>${found.map(({ server, one }) => markup`<li>${nameOf(server)}, ${one.variant}: <b class="${one.culprit === null ? "good" : "bad"}">${measuredWords(one)}</b>${one.culprit !== null && `, culprit ${one.culprit}`}</li>`)}</ul>
    ${inQueue(() => recordedStream(id, trace, data.measured.to)?.figure ?? null) ?? markup`<p class="soft">No trace of it is kept.</p>`}
    <p class="soft">Run it: <code>npx hopwise run ${id} --open</code></p>
  </article>`;
};
