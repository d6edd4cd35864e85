// Where a verdict differs along an axis of a sweep. Pure.
import type { Case } from "./script.ts";
import type { Facet, FacetName, NodeId } from "./verdict.ts";

export interface Condition {
  facet: FacetName;
  axis: string;
  /** @minItems 2 */
  values: { value: string; member: string; culprit: NodeId | null }[];
}

const clean = new Set<string>(["incremental", "prompt", "complete", "origin", "intact", "propagated", "bounded"]);

/** The facets whose verdict differs along an axis, with the result for each value. */
export const conditionsOf = (facets: readonly Facet[], cases: readonly Case[]): Condition[] => {
  const pointOf = new Map(cases.map((trialCase) => [trialCase.id, trialCase.point]));
  const axes = [...new Set(cases.flatMap(({ point }) => Object.keys(point)))];
  const names = [...new Set(facets.map(({ facet }) => facet))];
  return names.flatMap((facet) =>
    axes.flatMap((axis): Condition[] => {
      const values = new Map<string, { member: string; culprit: NodeId | null }>();
      for (const found of facets) {
        const value = pointOf.get(found.case)?.[axis];
        if (found.facet !== facet || value === undefined) continue;
        const before = values.get(value);
        // A deviation in any case counts for the value.
        if (!before || (clean.has(before.member) && !clean.has(found.observation.member)))
          values.set(value, { member: found.observation.member, culprit: found.culprit });
      }
      const members = new Set([...values.values()].map(({ member }) => member));
      return members.size > 1 ? [{ facet, axis, values: Array.from(values, ([value, found]) => ({ value, ...found })) }] : [];
    }),
  );
};
