// The card of a finding on a page: the line, what it does, the pictures, and the fix to copy.
import { markOf, unproven } from "../check-card.ts";
import { seenIn } from "../check-group.ts";
import type { Group } from "../check-group.ts";
import type { CheckReport, Finding, ProvenFix } from "../check-report.ts";
import { placeOf, wordsOfRule } from "../check-words.ts";
import { drawn, figure } from "./figure.ts";
import { markup } from "./markup.ts";
import type { Markup } from "./markup.ts";
import { chainOf, commandOf, diffOf, linked, listed } from "./parts.ts";

export const findingCard = (
  report: CheckReport,
  { first, routes, checks, conditions }: Group,
  index: number,
  inQueue: (make: () => Markup | null) => Markup | null,
): Markup => {
  const { level, rule, says, at, evidence, fix } = first;
  const seen = seenIn(report, first);
  const name = `f${index}`;
  return markup`<article
    class="card ${level}"
    id="${name}"
    aria-labelledby="${name}t"
    data-card
    data-severity="${level}"
    data-route="${routes.join("\n")}"
    data-hop="${seen?.facet.culprit ?? ""}"
    data-facet="${seen?.facet.facet ?? ""}"
  >
    <div class="top">
      <span class="mark">${markOf[level]} ${level}</span>
      <h3 id="${name}t">${says}</h3>
    </div>
    <p class="verdict"><b class="${level === "note" ? "" : "bad"}">${rule}</b> <span class="soft">${wordsOfRule(rule).meaning}</span></p>
    ${quoteOf(first)} ${seen && chainOf(seen.scenario.chain, (hop) => hop.split(/[@:]/)[0] === seen.facet.culprit)}
    ${
      seen &&
      level !== "note" &&
      inQueue(() => {
        const picture = drawn(seen.scenario, seen.facet, report.control);
        return picture && figure(picture);
      })
    }
    ${fix?.before !== evidence && markup`<p>${evidence}</p>`} ${unproven(first).map((text) => markup`<p class="open">${text}</p>`)}
    ${fix ? fixOf(fix, name) : level === "error" && markup`<p class="open">No fix was proven.</p>`}
    ${listed([
      [routes.length === 1 ? "route" : "routes", routes.join(", ")],
      [checks.length === 1 ? "trial" : "trials", checks.join(", ")],
      ...(conditions.length > 0 ? ([["with", conditions.join(", ")]] as const) : []),
      ...(first.culprit || fix ? ([["see", linksOf(first).map((link) => markup`${linked(link)} `)]] as const) : []),
      ["at", placeOf(at)],
    ])}
  </article>`;
};

const linksOf = ({ culprit, fix }: Finding): string[] => [...new Set([culprit?.link, fix?.link].flatMap((link) => (link ? [link] : [])))];

const quoteOf = ({ at, quote, culprit }: Finding): Markup =>
  markup`<pre class="quote"><b>${placeOf(at)}</b>${quote !== undefined && `   ${quote.trim()}`}${
    culprit?.with && `\n${placeOf(culprit.with.at)}   ${culprit.with.directive} (only together)`
  }</pre>`;

const fixOf = ({ title, diff, headers, before, after, costs }: ProvenFix, name: string): Markup =>
  markup`<h4 class="good">${headers === null ? "Fix, proven" : "Fix in the application, proven"}: ${title}</h4>
    ${diff !== null && diffOf(diff, `${name}d`)}
    ${headers !== null && commandOf(headers.map(([header, value]) => `${header}: ${value}`).join("\n"), `${name}h`)}
    <div class="change">
      <div><b class="bad">✗ before</b>${before}</div>
      <div><b class="good">✓ after</b>${after}</div>
    </div>
    ${costs.map((cost) => markup`<p class="soft">Cost: ${cost}</p>`)}`;
