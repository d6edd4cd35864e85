// Which routes lines at a place are in effect for. Pure.
import type { Edit, Route } from "../../configuration.ts";
import { ancestors, spotOf } from "./context.ts";
import type { Parsed } from "./context.ts";
import { everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";

export const routesIn = (configuration: Parsed, edits: readonly Edit[]): Route[] => {
  const blocks = new Set(edits.flatMap((edit) => blocksAt(configuration, edit)));
  return configuration.routes.filter((route) => {
    const block = spotOf(configuration, route)?.block;
    return block !== undefined && ancestors(block).some((level) => blocks.has(level));
  });
};

/** The innermost ones; several where the file is included several times. */
const blocksAt = ({ tree: { roots } }: Parsed, { file, start, end }: Edit): Directive[] => {
  const all = everyDirective(roots);
  const around = all.filter(
    ({ block, bodyStart, place }) => block && place.file === file && (bodyStart ?? place.start) <= start && end <= place.end,
  );
  const innermost = around.filter((one) => !around.some((inner) => inner !== one && ancestors(inner).includes(one)));
  if (innermost.length > 0) return innermost;
  // At the top of a file that others include.
  return [...new Set(all.flatMap(({ place, parent }) => (place.file === file && parent && parent.place.file !== file ? [parent] : [])))];
};
