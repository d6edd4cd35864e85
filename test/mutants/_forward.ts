// Every mutant is the straight HTTP pipe but for one step, so that whatever else is found in it is found wrongly.
import { defineServer } from "../../harness/define.ts";
import type { NodeServer, Options, ServerDefinition, Variant } from "../../harness/define.ts";
import { forward } from "../../proxies/_forward.ts";
import type { Shape } from "../../proxies/_forward.ts";

export { cut, forward, passHead } from "../../proxies/_forward.ts";

interface Mutant extends Omit<Variant, "title"> {
  title: string;
  /** Where this fault is known from, or what it breaks. */
  link: string;
}

export const mutantHandler = ({ title, link, ...settings }: Mutant, handler: NonNullable<NodeServer["handler"]>): ServerDefinition =>
  defineServer({ kind: "node", title, link, handler, variants: { default: { title, ...settings } } });

export const mutant = (definition: Mutant, shape: (options: Options) => Shape): ServerDefinition =>
  mutantHandler(definition, ({ upstream, options }) => forward(upstream, shape(options)));
