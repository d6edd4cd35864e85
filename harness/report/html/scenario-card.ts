// The card of a scenario on a page: outcome, verdict, chain, pictures, and what else is known.
import { headlineOf } from "../../model/outcome.ts";
import type { ControlFigures } from "../../model/trace.ts";
import { applicationWords } from "../application-words.ts";
import { decisiveFacet } from "../decisive.ts";
import type { ScenarioReport } from "../report.ts";
import { duration } from "../text.ts";
import { meaningOf, outcomeWords } from "../words.ts";
import { drawn, figure } from "./figure.ts";
import { markup } from "./markup.ts";
import type { Markup, Value } from "./markup.ts";
import { chainOf, commandOf, distinct, linked, listed } from "./parts.ts";

interface Around {
  /** Of the card on its page. */
  index: number | string;
  route?: string;
  control: ControlFigures | null;
  inQueue: (make: () => Markup | null) => Markup | null;
}

export const scenarioCard = (scenario: ScenarioReport, { index, control, inQueue, route }: Around): Markup => {
  const { id, outcome, title, why, chain, culprit, headline, decisive } = scenario;
  const { mark, word } = outcomeWords[outcome];
  const facet = decisiveFacet(scenario);
  const name = `s${index}`;
  return markup`<article
    class="card ${outcome}"
    id="${name}"
    aria-labelledby="${name}t"
    data-card
    data-outcome="${outcome}"
    data-hop="${culprit ?? ""}"
    data-facet="${decisive?.facet ?? ""}"
    data-headline="${headline}"
    data-route="${route ?? ""}"
  >
    <div class="top">
      <span class="mark">${mark} ${word}</span>
      <h3 id="${name}t">${title}</h3>
      <code class="soft">${id}</code>
    </div>
    ${verdict(scenario)} ${chainOf(chain, (hop) => isCulprit(hop, culprit))}
    <p>${why}</p>
    ${inQueue(() => {
      const picture = drawn(scenario, facet, control);
      return picture && figure(picture);
    })}
    ${rest(scenario, name)}
  </article>`;
};

/** `http-pipe (cache, gzip)` has its middlewares in it. */
const isCulprit = (hop: string, culprit: string | null): boolean =>
  culprit !== null && hop.split(/[\s(),]+/).some((word) => word.split(/[@:]/)[0] === culprit || word === culprit);

const verdict = ({ headline, culprit, decisive, kind, outcome, baseline }: ScenarioReport): Markup | null =>
  headline === "not-judged"
    ? null
    : markup`<p class="verdict">
        ${decisive && `${decisive.facet} `}<b class="${culprit === null ? "good" : "bad"}">${headline}</b>${
          culprit !== null && markup` · culprit <b class="bad">${culprit}</b>`
        }${kind === "characterization" && outcome === "pass" && culprit !== null && markup` <span class="soft">(as expected)</span>`}
        <span class="soft">${meaningOf(headline)}${baseline && `; ${baseline.change}: in the baseline ${baseline.was}`}</span>
      </p>`;

const rest = (scenario: ScenarioReport, name: string): Markup => {
  const { decisive, limits, conditions, because, fixedBy, reproduce, trial, request, attempts, tookMs } = scenario;
  const also = alsoOf(scenario, decisive?.facet ?? null);
  const rows: [string, Value][] = [
    [
      "trial",
      [
        trial,
        ...(request.method === "GET" ? [] : [request.method]),
        `HTTP/${request.version}`,
        ...(request.clients === undefined ? [] : [`clients: ${request.clients}`]),
        ...(request.acceptEncoding === null ? [] : [`Accept-Encoding: ${request.acceptEncoding}`]),
        duration(tookMs),
      ].join(", "),
    ],
    ...conditions.map(({ facet, axis, values }): [string, Value] => [
      "depends on",
      `${facet} on ${axis}: ${values.map(({ value, member, culprit }) => `${value} → ${member}${culprit === null ? "" : ` (${culprit})`}`).join(" · ")}`,
    ]),
    ...(also.length > 0 ? [["also", also.join(" · ")] as [string, Value]] : []),
    ...(limits.length > 0
      ? [["limits", limits.map(({ kind, ms, culprit }) => `${kind} of ${duration(ms)} in ${culprit}`).join(" · ")] as [string, Value]]
      : []),
    ...heldRows(scenario),
    ...applicationWords(scenario).map((text): [string, Value] => ["application", text]),
    ...(attempts === 2 ? [["attempts", "the second counts: the first was inconclusive"] as [string, Value]] : []),
    ...(because === null ? [] : [["known from", linked(because)] as [string, Value]]),
    ...(fixedBy === null ? [] : [["fixed by", fixedBy] as [string, Value]]),
  ];
  return markup`<details>
    <summary>Details</summary>
    ${listed(rows)}${reproduce !== null && commandOf(reproduce, `${name}r`)}
  </details>`;
};

const alsoOf = ({ facets }: ScenarioReport, decisive: string | null): string[] =>
  [
    ...Map.groupBy(
      facets.filter(({ facet }) => facet !== decisive),
      ({ facet }) => facet,
    ),
  ].map(
    ([facet, all]) =>
      `${facet} ${distinct(all.map((one) => headlineOf(one) + (one.culprit === null ? "" : ` (${one.culprit})`))).join(" or ")}`,
  );

/** Of the case that the picture shows. */
const heldRows = ({ cases, decisive }: ScenarioReport): [string, Value][] => {
  const held = (cases.find(({ id }) => id === decisive?.case) ?? cases[0])?.held ?? [];
  return held.length === 0
    ? []
    : [["held", held.map(({ hop, byteSeconds, mostBytes }) => `${hop} ${byteSeconds} byte·s, at most ${mostBytes} bytes`).join(" · ")]];
};
