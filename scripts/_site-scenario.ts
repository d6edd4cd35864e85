// The page of a scenario: its verdict on each server, and the waterfall of a recorded stream. Pure.
import type { Trace } from "../harness/model/trace.ts";
import { decisiveFacet } from "../harness/report/decisive.ts";
import { drawn, figure } from "../harness/report/html/figure.ts";
import { markup, outwards, within } from "../harness/report/html/markup.ts";
import type { Markup } from "../harness/report/html/markup.ts";
import { chainOf, listed } from "../harness/report/html/parts.ts";
import type { ScenarioReport } from "../harness/report/report.ts";
import { traceReport } from "../harness/report/trace-report.ts";
import type { CanIStream, Measurement, ServerAnswers } from "./_can-i-stream.ts";
import { nameOf, sitePage } from "./_site-parts.ts";
import type { Source, Description } from "./_site-parts.ts";

/** What was measured with a scenario, on each server. */
export const foundWith = (id: string, { servers }: CanIStream): { server: ServerAnswers; one: Measurement }[] =>
  servers.flatMap((server) => server.measurements.filter(({ scenario }) => scenario === id).map((one) => ({ server, one })));

interface RecordedStream {
  scenario: ScenarioReport;
  figure: Markup;
}

/** A recorded trace, judged again; null: none is kept, or there is nothing to draw. */
export const recordedStream = (id: string, trace: Trace | null, day: string): RecordedStream | null => {
  const report =
    trace &&
    traceReport([{ name: id, trace }], {
      tool: { name: "hopwise", version: "" },
      machine: { platform: "", cores: 1, node: "", labNode: "" },
      startedAt: `${day}T00:00:00Z`,
    });
  const scenario = report?.scenarios[0];
  const picture = scenario && drawn(scenario, decisiveFacet(scenario), report.control);
  return picture && scenario ? { scenario, figure: figure(picture) } : null;
};

export const scenarioPage = (id: string, { data, claims }: Source, described: Description | null, trace: Trace | null): string => {
  const claimed = claims.filter((one) => one.id === id);
  const stream = recordedStream(id, trace, data.measured.to);
  return sitePage(
    described?.title ?? id,
    "../",
    markup`
    <p class="soft"><code>${id}</code></p>
    ${foundWith(id, data).map(({ server, one }) => markup`<p>${within(`../server/${server.id}.html`, nameOf(server))}, ${one.variant}: <b class="${one.culprit === null ? "good" : "bad"}">${one.verdict}</b>${one.culprit !== null && `, culprit ${one.culprit}`}</p>`)}
    ${claimed.map(({ chain, ran, headline, culprit, seen, measuredOn }) => markup`${chainOf(chain, (hop) => hop.split(/[@:]/)[0] === culprit)}<p><b class="${culprit === null ? "good" : "bad"}">${headline}</b>: ${seen} <span class="soft">(${ran}, ${measuredOn})</span></p>`)}
    ${stream ? markup`<h2>A recorded stream</h2>${chainOf(stream.scenario.chain, (hop) => hop === stream.scenario.culprit)}<p>${stream.scenario.why}</p>${stream.figure}<p>${within(`../traces/${id}.json`, "The raw trace")}: look at it with npx hopwise show ${id}.json --open</p>` : markup`<p class="soft">No trace of it is kept. Run it: npx hopwise run ${id} --open</p>`}
    ${listed([
      ...(described?.because ? ([["known from", outwards(described.because, described.because)]] as const) : []),
      ...(described?.fixedBy ? ([["fixed by", described.fixedBy]] as const) : []),
    ])}`,
  );
};
