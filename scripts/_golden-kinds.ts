// Differences by kind, and the rules that would explain them. Pure.
import { kindOf } from "../test/golden/compare.ts";
import type { Difference } from "../test/golden/compare.ts";

/** The most frequent first. */
export const byKind = (found: readonly Difference[]): [kind: string, found: Difference[]][] =>
  Object.entries(Object.groupBy(found, kindOf))
    .map(([kind, of = []]): [string, Difference[]] => [kind, of])
    .toSorted(([, one], [, other]) => other.length - one.length);

/** Without a reason, so that no rule counts before it was reviewed. */
export const drafts = (found: readonly Difference[]): string =>
  byKind(found)
    .map(([, [first, ...more]]) => {
      const { what = "verdict", facet = "", from = "", to = "" } = first ?? {};
      const step =
        what === "verdict" ? `from: ${JSON.stringify(from)}, to: ${JSON.stringify(to)}` : `what: "${what}", from: ${JSON.stringify(from)}`;
      return `  // ${1 + more.length}, e.g. ${first?.name}\n  { facet: "${facet}", ${step}, reason: "" },`;
    })
    .join("\n");
