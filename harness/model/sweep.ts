// Sweeps: a list in place of a value is an axis, and a verdict that differs along it is conditional. Pure.
import type { RequestPlan, ResponsePlan, SweptAxis } from "../define/request.ts";
import { definitionOf } from "../trials/index.ts";
import type { Trial } from "../trials/index.ts";
import { identified } from "./case-identity.ts";
import type { CasePoint } from "./point.ts";
import type { Case } from "./script.ts";

/** One combination of values: its place on the axes, and the plan there. */
export interface Point extends CasePoint {
  at: Record<string, string>;
  trial: Trial;
}

const sweepable = {
  request: ["clients", "method", "version", "acceptEncoding"],
  response: ["format", "contentType"],
  trial: ["recordBytes"],
} as const satisfies Record<string, readonly SweptAxis[]>;

/** Every combination of the values; one point with an empty `at` if no axis has more than one value. */
export const pointsOf = (request: RequestPlan, response: ResponsePlan, trial: Trial): Point[] => {
  let points: { at: Record<string, string>; request: object; response: object; trial: object }[] = [{ at: {}, request, response, trial }];
  for (const part of ["request", "response", "trial"] as const)
    for (const axis of sweepable[part]) {
      const values: unknown = (points[0]?.[part] as Record<string, unknown> | undefined)?.[axis];
      if (!Array.isArray(values) || (part === "trial" && definitionOf(trial).listsItsAxes)) continue;
      points = points.flatMap((point) =>
        values.map((value: unknown) => ({
          ...point,
          at: values.length > 1 ? { ...point.at, [axis]: wordOf(value) } : point.at,
          [part]: { ...point[part], [axis]: value },
        })),
      );
    }
  return points as Point[];
};

const wordOf = (value: unknown): string => (typeof value === "string" ? value : value === null ? "none" : JSON.stringify(value));

/** The most attempts of one case. */
export const mostAttempts = 3;

/** The same case at a point. */
export const atPoint = (trialCase: Case, { at }: Point): Case => {
  const placed = identified(trialCase, { place: Object.values(at).join(",") });
  return { ...placed, point: { ...at, ...trialCase.point } };
};
