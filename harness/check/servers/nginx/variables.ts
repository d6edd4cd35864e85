// Variables that a template names and that have no value: nginx would take them for its own.
import { AuthorError } from "../../../errors.ts";
import { withoutValue } from "./includes.ts";
import { capitalsIn, expansionIn } from "./template.ts";
import type { Expansion } from "./template.ts";
import { everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";

export const refuseWithoutValue = (roots: readonly Directive[]): void => {
  const all = everyDirective(roots);
  const defined = new Set(all.flatMap(definedBy).map((name) => name.toUpperCase()));
  // A value of nginx's own environment may be any text.
  for (const { name, args, argPlaces, place } of all.filter(({ name: directive }) => directive !== "env"))
    for (const [index, word] of [name, ...args].entries()) {
      const missing = capitalsIn(word).find((capitals) => !defined.has(capitals));
      const expansion = expansionIn(word);
      if (missing === undefined && expansion === null) continue;
      const { file, line } = argPlaces[index - 1] ?? place;
      throw new AuthorError(`${file}:${line}: ${expansion === null ? withoutValue(missing ?? "") : notExpanded(expansion)}`);
    }
};

const notExpanded = ({ text, name }: Expansion): string =>
  `envsubst leaves ${text} as it is, and nginx has no such syntax: write \${${name}} and give it a value with --env ${name}=value, or check what another tool renders.`;

/** A variable's own name is not a use of it where it is defined; patterns define the names of their groups. */
const definedBy = ({ name, args, parent }: Directive): string[] => {
  const groups = [name, ...args].flatMap((word) => [...word.matchAll(/\(\?P?<(\w+)>/g)].map((match) => match[1] ?? ""));
  const words =
    /^(?:set|auth_request_set|perl_set|js_set|js_var|set_by_lua\w*|split_clients|geo|map)$/.test(name) || parent?.name === "geoip2"
      ? [name, ...args]
      : [];
  return [...groups, ...words.flatMap((word) => /^\$(\w+)$/.exec(word)?.[1] ?? [])];
};
