// What may have been meant by a line that nginx refuses. Pure.
import { distance } from "fastest-levenshtein";
import type { Deployment } from "../../configuration.ts";
import { directiveNames } from "./directive-names.ts";
import { everyDirective } from "./tree.ts";
import type { Directive, Tree } from "./tree.ts";

/** A clause for the end of the refusal; null: nothing comes to mind. */
export const hintFor = ({ tree, files }: { tree: Tree } & Pick<Deployment, "files">, refusal: string): string | null => {
  const [, what = "", name = "", file = "", line = ""] = refused.exec(refusal) ?? [];
  const known = files.find(({ path, target }) => path === file || target === file)?.path;
  const directive = everyDirective(tree.roots).find(
    (one) => one.name === name && one.place.file === known && linesOf(one, files).includes(Number(line)),
  );
  if (!directive) return null;
  if (what !== "unknown directive") return unfinished(directive, files);
  if (curly.test(name)) return `curly quotes are letters for nginx: write " or '`;
  const meant = nearest(name);
  return meant === null ? null : `did you mean ${[meant, ...directive.args].join(" ")}${directive.block ? " { … }" : ";"}`;
};

const refused = /(unknown directive|invalid number of arguments in|invalid parameter|invalid value) "([^"]+)".*? in (\S+):(\d+)/;
const curly = /[\u2018\u2019\u201C\u201D]/;

const nearest = (name: string): string | null => {
  const [best] = directiveNames.map((one) => ({ one, far: distance(name, one) })).toSorted((a, b) => a.far - b.far);
  return best && best.far <= Math.max(1, name.length / 6) ? best.one : null;
};

/** From the name to the `;` that ends it. */
const linesOf = ({ place }: Directive, files: Deployment["files"]): number[] => {
  const rows = textOf(place.file, files).slice(place.start, place.end).split("\n").length;
  return Array.from({ length: rows }, (_, row) => place.line + row);
};

const textOf = (file: string, files: Deployment["files"]): string => files.find(({ path }) => path === file)?.text ?? "";

/** A line without its `;` takes the next line's words for its own. */
const unfinished = (directive: Directive, files: Deployment["files"]): string | null => {
  const at = directive.args.findIndex((word, index) => isFirstOfRow(directive, index, files) && directiveNames.includes(word));
  const before = at < 1 ? directive.place.line : directive.argPlaces[at - 1]?.line;
  return at < 0 ? null : `a ";" is missing at the end of line ${before}`;
};

const isFirstOfRow = ({ argPlaces }: Directive, index: number, files: Deployment["files"]): boolean => {
  const place = argPlaces[index];
  return place !== undefined && /\n\s*$/.test(textOf(place.file, files).slice(0, place.start));
};
