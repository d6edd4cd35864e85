// A characterization that holds for some values of an axis only, e.g. for clients that speak HTTP/1.1: there it is seen, and nowhere else. Pure.
import type { When } from "../define/scenario.ts";
import type { Case } from "./script.ts";
import type { Verdict } from "./verdict.ts";

/** The cases of one point. */
export interface Part {
  /** `clients: h1`. */
  words: string;
  isInside: boolean;
  verdict: Verdict;
}

/** The verdict, point by point; those at which it is to be seen come first. */
export const partsOf = (when: When, verdict: Verdict, cases: readonly Pick<Case, "id" | "point">[]): Part[] => {
  const places = Map.groupBy(cases, ({ point }) => wordsOf(Object.keys(when), point));
  return Array.from(places, ([words, own]): Part => {
    const ids = new Set(own.map(({ id }) => id));
    const isOwn = ({ case: id }: { case: string }): boolean => ids.has(id);
    return {
      words,
      isInside: own.every(({ point }) => Object.entries(when).every(([axis, values]) => values.includes(point[axis] ?? ""))),
      verdict: { ...verdict, facets: verdict.facets.filter(isOwn), inconclusive: verdict.inconclusive.filter(isOwn) },
    };
  }).toSorted((one, other) => Number(other.isInside) - Number(one.isInside));
};

export const whenWords = (when: When): string =>
  Object.entries(when)
    .map(([axis, values]) => `${axis}: ${values.join(", ")}`)
    .join(" and ");

const wordsOf = (axes: readonly string[], point: Case["point"]): string =>
  axes.map((axis) => `${axis}: ${point[axis] ?? "not swept"}`).join(" and ");
