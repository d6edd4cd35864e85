// Parts that pages of runs and of checks share: filters, chains, diffs, commands.
import { markup, outwards } from "./markup.ts";
import type { Markup, Value } from "./markup.ts";

export interface Filter {
  /** The attribute `data-<name>` of a card; several values stand in lines. */
  name: string;
  title: string;
  values: readonly string[];
}

/** Shown by the script only: without it nothing would be filtered. */
export const filters = (all: readonly Filter[]): Markup =>
  markup`<form class="filters" aria-label="Filter" hidden>
    <label>Search <input name="q" type="search" placeholder="id, hop, line, words" /></label>
    ${all
      .filter(({ values }) => values.length > 1)
      .map(
        ({ name, title, values }) =>
          markup`<label
            >${title}
            <select name="${name}">
              <option value="">any</option>
              ${values.map((value) => markup`<option value="${value}">${value}</option>`)}
            </select></label
          >`,
      )}
    <button type="reset">Show all</button>
    <output></output>
  </form>`;

export const distinct = (values: readonly string[]): string[] => [...new Set(values)].toSorted();

/** From the origin to the client; the culprit stands out. */
export const chainOf = (words: readonly string[], isCulprit: (word: string) => boolean): Markup =>
  markup`<ol class="chain" aria-label="From origin to client">
    ${words.map(
      (word, index) =>
        markup`${index > 0 && markup`<li class="arrow" aria-hidden="true">→</li>`}
          <li class="${isCulprit(word) ? "culprit" : ""}">${word}</li>`,
    )}
  </ol>`;

const kindOf = (line: string): string =>
  line.startsWith("+++") || line.startsWith("---") || line.startsWith("@@")
    ? "at"
    : line.startsWith("+")
      ? "add"
      : line.startsWith("-")
        ? "del"
        : "";

export const diffOf = (diff: string, id: string): Markup => {
  const lines = diff.split(/(?<=\n)/).map((line) => markup`<span class="${kindOf(line)}">${line}</span>`);
  return markup`<pre class="diff" id="${id}" tabindex="0" aria-label="The fix as a diff">${lines}</pre> ${copyButton(id, "Copy the diff")}`;
};

export const commandOf = (command: string, id: string): Markup =>
  markup`<pre id="${id}" tabindex="0" aria-label="Command">${command}</pre>
    ${copyButton(id, "Copy the command")}`;

/** Shown by the script. */
const copyButton = (id: string, text: string): Markup =>
  markup`<button type="button" class="copy" data-copies="${id}" hidden>${text}</button>`;

export const listed = (rows: readonly (readonly [name: string, value: Value])[]): Markup =>
  markup`<dl>
    ${rows.map(
      ([name, value]) =>
        markup`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;

export const linked = (url: string): Markup => outwards(url, url);
