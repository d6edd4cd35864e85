// What Hopwise's own build of nginx cannot do of a configuration: it gets the modules that Debian has, and goes without the lines of all others.
import type { Parsed } from "./context.ts";
import { GoingWithout } from "./going-without.ts";
import { codeIn, dataIn, luaIn, modulesIn } from "./lacking.ts";
import { isIn, moduleFile, neededBy, packagesFor } from "./packages.ts";
import { childrenOf, everyDirective } from "./tree.ts";
import type { Directive } from "./tree.ts";

/** The same configuration for a build of this release. */
export const forOwnBuild = <P extends Parsed>(parsed: P, release: string): P => {
  const without = new GoingWithout(parsed);
  const all = everyDirective(parsed.tree.roots);
  luaIn(all, without);
  for (const directive of all) modulesIn(directive, release, without);
  for (const directive of all) dataIn(directive, without);
  codeIn(all, without);
  const packages = packagesFor(parsed.tree.roots).filter(({ name }) => isIn(name, release));
  return {
    ...parsed,
    packages,
    loads: loadsOf(parsed.tree.roots, packages),
    masks: new Map([...(parsed.masks ?? []), ...without.masks]),
    stubs: [...parsed.stubs, ...without.stubs()],
    notChecked: [...parsed.notChecked, ...without.notChecked()],
  };
};

/** Where the configuration leaves it to its image. */
const loadsOf = (roots: readonly Directive[], packages: readonly { name: string }[]): string[] => {
  const top = childrenOf(roots);
  const own = new Set(top.flatMap(({ name, args }) => (name === "load_module" ? [args[0]?.split("/").at(-1) ?? ""] : [])));
  const includesThem = top.some(({ name, args }) => name === "include" && /\/?modules-enabled\//.test(args[0] ?? ""));
  if (includesThem) return [];
  const files = packages.flatMap(({ name }) => [...neededBy(name), moduleFile(name)]);
  return [...new Set(files)].filter((file) => !own.has(file)).map((file) => `load_module modules/${file};`);
};
