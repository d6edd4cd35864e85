// proxy_ignore_headers, which several families of directives use. Pure.
import { hidesOthers } from "./context.ts";
import type { Context } from "./context.ts";
import { removeArgument, removeLines, replaceLine } from "./lines.ts";
import type { Directive } from "./tree.ts";

/** Removes fields from proxy_ignore_headers; without any field the line is removed. */
export const withoutField = (context: Context, line: Directive, fields: string[]) => {
  const matches = line.args.flatMap((field, at) => (fields.includes(field.toLowerCase()) ? [at] : []));
  // Without the line an outer one would come into effect.
  if (matches.length === line.args.length)
    return hidesOthers(line) ? [replaceLine(line, "proxy_ignore_headers X-Accel-Limit-Rate;")] : removeLines(context, [line]);
  return matches.flatMap((argument) => removeArgument(context, line, argument));
};
