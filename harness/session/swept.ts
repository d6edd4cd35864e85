// What a scenario says holds `when` an axis has some value: only a value that its trial runs with can confirm it.
import { similarTo } from "../catalog/shelf.ts";
import type { ResponsePlan, Scenario } from "../define.ts";
import { AuthorError } from "../errors.ts";
import { firstCases } from "../model/first-cases.ts";

/** The values of each axis, as words; its times do not matter. */
const sweptIn = ({ trial, request = {} }: Scenario, response: ResponsePlan): Map<string, string[]> => {
  const points = firstCases(trial, { request, response, epsilonMs: 1, limitMs: null }).map(({ point }) => point);
  const axes = new Set(points.flatMap((point) => Object.keys(point)));
  return new Map(Array.from(axes, (axis) => [axis, [...new Set(points.flatMap((point) => point[axis] ?? []))]]));
};

/** Throws an AuthorError for an axis that is not swept, or a value that is not among its own. */
export const refuseUnswept = (scenario: Scenario, response: ResponsePlan, askedAt: (...path: string[]) => string): void => {
  if (!("when" in scenario) || scenario.when === undefined) return;
  const swept = sweptIn(scenario, response);
  for (const [axis, values] of Object.entries(scenario.when)) {
    const known = swept.get(axis);
    const asked = askedAt("when", axis);
    if (known === undefined)
      throw new AuthorError(
        `${asked} has when.${axis}, but its trial does not sweep ${axis}${swept.size === 0 ? "" : ` (it sweeps ${[...swept.keys()].join(", ")})`}: list at least two values of ${axis}, or leave it out of when`,
      );
    if (values.length === 0) throw new AuthorError(`${asked} has no value in when.${axis}; it sweeps ${known.join(", ")}`);
    const unswept = values.find((value) => !known.includes(value));
    if (unswept === undefined) continue;
    const similar = similarTo(unswept, known);
    const todo = similar === null ? `add it to the values of ${axis}, or leave it out of when` : `did you mean "${similar}"?`;
    throw new AuthorError(`${asked} has when.${axis}: ${unswept}, but its trial runs with ${known.join(", ")} only: ${todo}`);
  }
};
