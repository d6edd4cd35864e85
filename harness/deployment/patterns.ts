// .dockerignore. Pure.
import { beneathMatch, matcherOf } from "./glob.ts";
import type { Matches } from "./glob.ts";

/** The last rule that fits decides; a rule fits whatever is beneath a folder too. Paths are without `./` at their beginning. */
export const readIgnore = (text: string): Matches => {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .slice(0, 1000)
    .flatMap((line) => {
      const keeps = line.startsWith("!");
      const glob = (keeps ? line.slice(1).trim() : line).replace(/^(\.?\/)+/, "").replace(/\/+$/, "");
      // A folder of which all is left out is left out.
      const whole = glob === "." ? "**" : glob.replace(/(?<=.)(\/\*\*)+$/, "");
      return glob === "" ? [] : [{ keeps, matches: beneathMatch(matcherOf(whole, "moby")) }];
    });
  return (path) => {
    let ignored = false;
    for (const { keeps, matches } of rules) if (matches(path)) ignored = !keeps;
    return ignored;
  };
};
