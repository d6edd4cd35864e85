// HTML and SVG that escape by construction: every value put into a template becomes text, except markup made by a template.
import { shown } from "../visible.ts";

const isMarkup = Symbol("markup");

/** Made by the functions of this file only. */
export interface Markup {
  readonly [isMarkup]: true;
  toString(): string;
}

class Source implements Markup {
  readonly [isMarkup] = true;
  readonly #source: string;
  constructor(source: string) {
    this.#source = source;
  }
  toString(): string {
    return this.#source;
  }
}

/** Null, undefined and false leave nothing. */
export type Value = string | number | Markup | null | undefined | false | readonly Value[];

/** Attributes must be quoted: `<a title="${text}">`. Where a value would not be text (a tag's name, a script, a style), it throws. */
export const markup = (parts: TemplateStringsArray, ...values: Value[]): Markup => {
  return new Source(
    partsOf(parts)
      .map((part, index) => part + (index < values.length ? escaped(values[index]) : ""))
      .join(""),
  );
};

const known = new WeakMap<TemplateStringsArray, string[]>();

/** Checked once for each template in the sources, and without their indentation. */
const partsOf = (parts: TemplateStringsArray): string[] => {
  const before = known.get(parts);
  if (before) return before;
  check(parts);
  const short = parts.map((part) => part.replaceAll(/\n +/g, " "));
  known.set(parts, short);
  return short;
};

const check = (parts: TemplateStringsArray): void => {
  let before = "";
  for (const part of parts.slice(0, -1)) {
    before += part;
    const tag = before.slice(before.lastIndexOf("<"));
    const isInTag = tag.startsWith("<") && !tag.replaceAll(/"[^"]*"/g, "").includes(">");
    const isQuoted = (tag.match(/"/g)?.length ?? 0) % 2 === 1;
    if (isInTag && !isQuoted) throw new TypeError(`A value stands in a tag, outside of quotes: ${tag}`);
    if (/<(?:script|style)\b[^>]*>[^<]*$/.test(before)) throw new TypeError(`A value stands in a script or a style: ${tag}`);
    if (isInTag && /\s(?:on\w+|style|href|src|srcdoc)="[^"]*$/.test(tag) && !/\shref="#[^"]*$/.test(tag))
      throw new TypeError(`A value stands where it could be run or loaded: ${tag}`);
    before += "x";
  }
};

const isMade = (value: string | number | Markup | readonly Value[]): value is Markup => value instanceof Source;

const escaped = (value: Value): string => {
  if (value === null || value === undefined || value === false) return "";
  if (isMade(value)) return value.toString();
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return textOf(value);
  return value.map(escaped).join("");
};

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
  "#": "&#35;",
  "\t": "&#9;",
  "\n": "&#10;",
};

/**
 * Invisible characters and those that turn the direction of text are shown by their numbers. Line ends, tabs and `#` are written as numbers too:
 * a page may be printed by a step of a workflow, whose runner obeys lines that begin with `::` and texts with `##[`.
 */
const textOf = (text: string): string => shown(text).replaceAll(/[&<>"'`#\t\n]/g, (mark) => entities[mark] ?? "");

/** A link that leads out of the page: only to the web. Anything else stays text. */
export const outwards = (url: string, text: Value): Markup =>
  /^https:\/\/[^\s"<>]+$/.test(url) ? new Source(`<a href="${textOf(url)}" rel="noreferrer">${escaped(text)}</a>`) : markup`${text}`;

/** A link to another page of the same site. */
export const within = (path: string, text: Value): Markup => {
  if (!/^[\w.@+-]+(?:\/[\w.@+-]+)*(?:#[\w.@+-]+)?$/.test(path.replace(/^(?:\.\.\/)+/, "")))
    throw new TypeError(`${path} is no path inside a site`);
  return new Source(`<a href="${path}">${escaped(text)}</a>`);
};

/** A style or a script of our own, whole; it holds no value. After `<!--` and `<script` a browser no longer sees the end of a script:
 *  https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements */
export const ownCode = (tag: "script" | "style", code: string): Markup => {
  if (/<!--|<script|<\/(?:script|style)/i.test(code)) throw new TypeError(`The ${tag} would end in the middle, or never`);
  return new Source(`<${tag}>${code}</${tag}>`);
};

/** Markup that the browser reads as text, until a script of the page makes elements of it: faster than elements that are not shown. */
export const inert = (content: Markup): Markup => {
  const source = content.toString();
  if (/<!--|<\/?script/i.test(source)) throw new TypeError("A script or a comment would end it in the middle");
  return new Source(`<script type="text/x-markup">${source}</script>`);
};
