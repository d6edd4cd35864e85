// `node --import` this file: `hopwise` is then what this clone has, and needs no build.
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier === "hopwise" ? new URL("../harness/index.ts", import.meta.url).href : specifier, context),
});
