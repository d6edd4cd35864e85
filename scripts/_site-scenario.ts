// The page of a scenario: its verdict on each server, and the waterfall of a recorded stream. Pure.
import type { Trace } from "../harness/model/trace.ts";
import { decisiveFacet } from "../harness/report/decisive.ts";
import { drawn, figure } from "../harness/report/html/figure.ts";
import { markup, outwards, within } from "../harness/report/html/markup.ts";
import type { Markup } from "../harness/report/html/markup.ts";
import { chainOf, distinct, listed } from "../harness/report/html/parts.ts";
import type { Report, ScenarioReport } from "../harness/report/report.ts";
import { traceReport } from "../harness/report/trace-report.ts";
import type { CanIStream, Measurement, ServerAnswers } from "./_can-i-stream.ts";
import { nameOf, sitePage } from "./_site-parts.ts";
import type { Source, Description } from "./_site-parts.ts";

/** What was measured with a scenario, on each server. */
export const foundWith = (id: string, { servers }: CanIStream): { server: ServerAnswers; one: Measurement }[] =>
  servers.flatMap((server) => server.measurements.filter(({ scenario }) => scenario === id).map((one) => ({ server, one })));

/** A recorded trace, judged again. */
const judgedAgain = (id: string, trace: Trace, day: string): Report | null =>
  traceReport([{ name: id, trace }], {
    tool: { name: "hopwise", version: "" },
    machine: { platform: "", cores: 1, node: "", labNode: "" },
    startedAt: `${day}T00:00:00Z`,
  });

interface RecordedStream {
  scenario: ScenarioReport;
  figure: Markup;
}

/** Null: no trace is kept, or there is nothing to draw. */
export const recordedStream = (id: string, trace: Trace | null, day: string): RecordedStream | null => {
  const report = trace && judgedAgain(id, trace, day);
  const scenario = report?.scenarios[0];
  const picture = scenario && drawn(scenario, decisiveFacet(scenario), report.control);
  return picture && scenario ? { scenario, figure: figure(picture) } : null;
};

/** What the culprit held, in bytes times seconds, by scenario: of the recorded streams that answer a question about delivery with no. */
export const heldInAnswers = ({ servers, questions, measured }: CanIStream, traces: ReadonlyMap<string, Trace>): Map<string, number> => {
  const asked = servers.flatMap(({ answers }) =>
    Object.entries(answers).flatMap(([question, { answer, scenario }]) =>
      answer === "no" && questions[question]?.facet === "delivery" ? [scenario] : [],
    ),
  );
  return new Map(
    distinct(asked).flatMap((id): [string, number][] => {
      const trace = traces.get(id);
      const scenario = trace && judgedAgain(id, trace, measured.to)?.scenarios[0];
      const shown = scenario?.cases.find((one) => one.id === scenario.decisive?.case);
      const held = shown?.held?.find(({ hop }) => hop === scenario?.culprit);
      return held ? [[id, held.byteSeconds]] : [];
    }),
  );
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
