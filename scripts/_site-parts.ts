// What the pages of the site share. Pure.
import type { Trace } from "../harness/model/trace.ts";
import { markup, within } from "../harness/report/html/markup.ts";
import type { Value } from "../harness/report/html/markup.ts";
import { page } from "../harness/report/html/page.ts";
import type { CanIStream, ServerAnswers } from "./_can-i-stream.ts";

export interface Claim {
  id: string;
  chain: string[];
  ran: string;
  headline: string;
  culprit: string | null;
  seen: string;
  measuredOn: string;
}

/** What the catalog says of a scenario. */
export interface Description {
  title: string;
  because: string | null;
  fixedBy: string | null;
}

export interface Source {
  data: CanIStream;
  claims: readonly Claim[];
  described: ReadonlyMap<string, Description>;
  traces: ReadonlyMap<string, Trace>;
}

export const nameOf = ({ id, version, node }: ServerAnswers): string =>
  version === node ? `${id}, Node ${version}` : `${id} ${version}${node === null ? "" : `, Node ${node.split(".")[0]}`}`;

/** `up` leads from the page to the site's root. `more`: a script of this page alone. */
export const sitePage = (title: string, up: string, body: Value, more: string | null = null): string =>
  page(
    `${title} · Can I stream?`,
    markup`<nav aria-label="Site"><p>${within(`${up}index.html`, "Can I stream?")} · ${within(`${up}compare.html`, "compare")} · ${within(`${up}claims.html`, "claims")} · ${within(`${up}platforms.html`, "platforms")} · ${within(`${up}look.html`, "look at a report")} · ${within(`${up}can-i-stream.json`, "data")}</p></nav><main><h1>${title}</h1>${body}</main>`,
    more,
  );
