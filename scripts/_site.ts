// The pages of the site, by path. Pure: results, claims and recorded traces go in.
import type { Headline } from "../harness/model/outcome.ts";
import { markup, within } from "../harness/report/html/markup.ts";
import type { Markup } from "../harness/report/html/markup.ts";
import { filters } from "../harness/report/html/parts.ts";
import { headlines, meaningOf } from "../harness/report/words.ts";
import { answersTable, hasAnswers, heldLegend, legend, measuredWords } from "./_answers-table.ts";
import type { Links } from "./_answers-table.ts";
import type { CanIStream, Measurement, ServerAnswers } from "./_can-i-stream.ts";
import { comparePage } from "./_site-compare.ts";
import { nameOf, sitePage } from "./_site-parts.ts";
import type { Claim, Source } from "./_site-parts.ts";
import { heldInAnswers, scenarioPage } from "./_site-scenario.ts";

type Pages = Map<string, string>;

export const sitePages = (source: Source): Pages => {
  const { data, claims, described, traces } = source;
  const ids = new Set([
    ...data.servers.flatMap(({ measurements }) => measurements.map(({ scenario }) => scenario)),
    ...claims.map(({ id }) => id),
  ]);
  return new Map([
    ["index.html", indexPage(source)],
    ["claims.html", claimsPage(claims)],
    ["compare.html", comparePage(data)],
    ...[...Map.groupBy(data.servers, ({ id }) => id)].map(([id, versions]): [string, string] => [
      `server/${id}.html`,
      serverPage(id, versions),
    ]),
    ...headlines.map((headline): [string, string] => [`verdict/${headline}.html`, verdictPage(headline, source)]),
    ...[...ids].map((id): [string, string] => [
      `scenario/${id}.html`,
      scenarioPage(id, source, described.get(id) ?? null, traces.get(id) ?? null),
    ]),
    ["llms.txt", llmsText(data)],
    ["can-i-stream.json", `${JSON.stringify(data, null, 2)}\n`],
  ]);
};

const indexPage = ({ data, traces }: Source): string => {
  const others = data.servers.filter((server) => !hasAnswers(server));
  return sitePage(
    "Can I stream through …?",
    "",
    markup`
    <p>Each answer was measured: a real server, a real stream, the bytes of every connection recorded. Measured ${data.measured.from} to ${data.measured.to}, in default configurations.</p>
    ${filters([])}
    ${answersTable(data, links, heldInAnswers(data, traces))}
    <p class="soft">${legend} · ${heldLegend}. Each answer leads to its waterfall.</p>
    <h2>Also measured</h2><ul>${[...new Set(others.map(({ id }) => id))].map((id) => markup`<li>${within(`server/${id}.html`, id)}</li>`)}</ul>
    <h2>Verdicts</h2><ul>${headlines.map((one) => markup`<li>${within(`verdict/${one}.html`, one)}: ${meaningOf(one)}</li>`)}</ul>`,
  );
};

const links: Links = {
  server: (id, text) => within(`server/${id}.html`, text),
  scenario: (id, text) => within(`scenario/${id}.html`, text),
};

const serverPage = (id: string, versions: readonly ServerAnswers[]): string => {
  const scenarios = [
    ...new Map(
      versions.flatMap(({ measurements }) => measurements.map((one) => [`${one.variant}\n${one.scenario}`, one] as const)),
    ).values(),
  ];
  const sorted = scenarios.toSorted(
    (a, b) => Number(b.variant === "default") - Number(a.variant === "default") || a.variant.localeCompare(b.variant),
  );
  return sitePage(
    `Can I stream through ${id}?`,
    "../",
    markup`
    <p class="soft">${versions.map((one) => `${nameOf(one)} in the ${one.runtime} runtime, ${one.measuredOn}`).join(" · ")}</p>
    ${filters([{ name: "variant", title: "Configuration", values: [...new Set(sorted.map(({ variant }) => variant))] }])}
    <div class="scroll" tabindex="0" role="group" aria-label="Measurements"><table class="routes">
      <thead><tr><th scope="col">configuration</th><th scope="col">what is asked</th>${versions.map((one) => markup`<th scope="col">${nameOf(one)}</th>`)}</tr></thead>
      <tbody>${sorted.map((row) => markup`<tr data-card data-variant="${row.variant}"><th scope="row">${row.variant}</th><td>${within(`../scenario/${row.scenario}.html`, row.scenario)}</td>${versions.map(({ measurements }) => measured(measurements.find((one) => one.scenario === row.scenario && one.variant === row.variant)))}</tr>`)}</tbody>
    </table></div>`,
  );
};

const measured = (one: Measurement | undefined): Markup =>
  one === undefined
    ? markup`<td class="soft">–</td>`
    : markup`<td class="${one.culprit === null ? "good" : "bad"}">${measuredWords(one)}</td>`;

const verdictPage = (headline: Headline, { data }: Source): string => {
  const rows = data.servers.flatMap((server) =>
    server.measurements.filter(({ verdict }) => verdict === headline).map((one) => ({ server, one })),
  );
  return sitePage(
    headline,
    "../",
    markup`<p>${meaningOf(headline)}.</p>${
      rows.length === 0
        ? markup`<p class="soft">No default or variant in the matrix was measured with it.</p>`
        : markup`<ul>${rows.map(({ server, one }) => markup`<li>${within(`../server/${server.id}.html`, nameOf(server))}, ${one.variant}: ${within(`../scenario/${one.scenario}.html`, one.scenario)}</li>`)}</ul>`
    }`,
  );
};

const claimsPage = (claims: readonly Claim[]): string =>
  sitePage(
    "Claims about applications, measured",
    "",
    markup`
    ${filters([{ name: "headline", title: "Verdict", values: [...new Set(claims.map(({ headline }) => headline))].toSorted() }])}
    <div class="scroll" tabindex="0" role="group" aria-label="Claims"><table class="routes">
      <thead><tr><th scope="col">claim</th><th scope="col">ran</th><th scope="col">verdict</th><th scope="col">seen</th></tr></thead>
      <tbody>${claims.map(({ id, ran, headline, culprit, seen }) => markup`<tr data-card data-headline="${headline}"><th scope="row">${within(`scenario/${id}.html`, id)}</th><td>${ran}</td><td class="${culprit === null ? "good" : "bad"}">${headline}</td><td>${seen}</td></tr>`)}</tbody>
    </table></div>`,
  );

const llmsText = ({ servers, questions, measured: { from, to } }: CanIStream): string =>
  [
    "# Can I stream through …?",
    "",
    `> Measured ${from} to ${to} by Hopwise: real servers, real streams, every connection recorded. Default configurations.`,
    "",
    "- [can-i-stream.json](can-i-stream.json): everything, with can-i-stream.schema.json",
    "- [claims](claims.html): what applications and frameworks do",
    "",
    ...servers.filter(hasAnswers).map(
      (server) =>
        `- [${nameOf(server)}](server/${server.id}.html): ${Object.entries(server.answers)
          .map(([question, { answer, verdict }]) => `${questions[question]?.title}: ${answer} (${verdict})`)
          .join("; ")}`,
    ),
    "",
  ].join("\n");
