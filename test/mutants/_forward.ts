// Every mutant is the straight HTTP pipe except for one step, so that any other finding is wrong.
import { defineServer } from "../../harness/define.ts";
import type { NodeServer, Options, ServerDefinition, Variant } from "../../harness/define.ts";
import { forward } from "../../proxies/_forward.ts";
import type { Shape } from "../../proxies/_forward.ts";

export { cut, forward, passHead } from "../../proxies/_forward.ts";

interface Mutant extends Omit<Variant, "title"> {
  title: string;
  /** A known case of this fault, or the rule that it breaks. */
  link: string;
  /** In addition to the default. */
  variants?: Record<string, Variant>;
}

export const mutantHandler = (
  { title, link, variants = {}, ...settings }: Mutant,
  handler: NonNullable<NodeServer["handler"]>,
): ServerDefinition => defineServer({ kind: "node", title, link, handler, variants: { ...variants, default: { title, ...settings } } });

export const mutant = (definition: Mutant, shape: (options: Options) => Shape): ServerDefinition =>
  mutantHandler(definition, ({ upstream, options }) => forward(upstream, shape(options)));
