// The pages of platforms: what they document, with the day on which it was read. Nothing on them was measured. Pure.
import type { DocumentedLimit } from "../harness/define.ts";
import { markup, outwards, within } from "../harness/report/html/markup.ts";
import type { Markup } from "../harness/report/html/markup.ts";
import { filters } from "../harness/report/html/parts.ts";
import { formerlyWords, kindWords, timeWords } from "../harness/report/timeouts-words.ts";
import { detailsOf } from "./_platforms.ts";
import type { Platform } from "./_platforms.ts";
import { sitePage } from "./_site-parts.ts";

export const platformPages = (platforms: readonly Platform[]): Map<string, string> =>
  new Map([
    ["platforms.html", indexPage(platforms)],
    ...platforms.map((platform): [string, string] => [`platform/${platform.id}.html`, platformPage(platform)]),
  ]);

const unmeasured = markup`<p>Documented by the platforms themselves, and not measured: they cannot be started here. Read their page before you rely on a value.</p>`;

const valueOf = ({ ms }: DocumentedLimit): string => (ms === null ? "none unless set" : timeWords(ms));

const indexPage = (platforms: readonly Platform[]): string =>
  sitePage(
    "Timeouts of platforms, as documented",
    "",
    markup`
    ${unmeasured}
    ${filters([])}
    <div class="scroll" tabindex="0" role="group" aria-label="Platforms"><table class="routes">
      <thead><tr><th scope="col">platform</th><th scope="col">timeouts</th><th scope="col">read</th></tr></thead>
      <tbody>${platforms.map(({ id, title, limits, read }) => markup`<tr data-card><th scope="row">${within(`platform/${id}.html`, title)}</th><td>${limits.length === 0 ? "–" : limits.map((limit) => `${kindWords[limit.kind]} ${valueOf(limit)}`).join(", ")}</td><td>${read ?? "date not recorded"}</td></tr>`)}</tbody>
    </table></div>`,
  );

const platformPage = ({ id, title, limits, remarks = [], pages, read }: Platform): string =>
  sitePage(
    title,
    "../",
    markup`
    ${unmeasured}
    ${
      limits.length > 0 &&
      markup`<div class="scroll" tabindex="0" role="group" aria-label="Timeouts"><table class="routes">
      <thead><tr><th scope="col">timeout</th><th scope="col">now</th><th scope="col">details</th><th scope="col">formerly</th></tr></thead>
      <tbody>${limits.map(rowOf)}</tbody>
    </table></div>`
    }
    ${remarks.map((remark) => markup`<p>${remark}</p>`)}
    <p>Read ${read ?? "on a day that was not recorded"}: ${pages.map((page, index) => markup`${index > 0 && ", "}${outwards(page, page)}`)}</p>
    <p>In front of your own chain: <code>npx hopwise timeouts deploy/nginx.conf --platform ${id}</code></p>`,
  );

const rowOf = (limit: DocumentedLimit): Markup =>
  markup`<tr><th scope="row">${kindWords[limit.kind]}</th><td>${valueOf(limit)}</td><td>${detailsOf(limit).join(", ").replaceAll("`", "")}</td><td>${limit.formerly ? formerlyWords(limit.formerly) : "–"}</td></tr>`;
