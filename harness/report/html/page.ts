// A whole page in one file: no request, no script but our own. Its policy names the two by their hashes.
import { inert, markup, ownCode } from "./markup.ts";
import type { Markup, Value } from "./markup.ts";
import { shapes } from "./marks.ts";
import { code, policy, policyWith } from "./page-code.ts";
import { style } from "./style.ts";

/** `more`: a script of this page alone, which runs last. */
export const page = (title: string, body: Value, more: string | null = null): string =>
  `<!doctype html>\n${markup`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="${more === null ? policy : policyWith(more)}" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title}</title>
      ${ownCode("style", style)}
    </head>
    <body>
      <svg class="shapes" width="0" height="0" aria-hidden="true"><defs>${shapes}</defs></svg>
      ${body}
      <output class="tip" hidden></output>
      ${ownCode("script", code)}
      ${more === null ? null : ownCode("script", more)}
    </body>
  </html>`.toString()}\n`;

/** Drawn with the page; the others when they come into view. Without scripts, only these are seen. */
const drawnAtOnce = 12;

/** What a page shows now, and what it shows when the reader gets there. */
export const pictureQueue = (): ((make: () => Markup | null) => Markup | null) => {
  let made = 0;
  return (make) => {
    const picture = make();
    if (picture === null) return null;
    made += 1;
    return made <= drawnAtOnce
      ? picture
      : markup`<div class="later">${inert(picture)}<noscript>This picture needs scripts.</noscript></div>`;
  };
};
