// Sweeps: a list in place of a value is an axis, and a verdict that flips along it is conditional. Pure.
import type { Axis, RequestPlan, ResponsePlan, Trial } from "../define.ts";
import type { Arm } from "./script.ts";
import type { Facet, FacetName, NodeId } from "./verdict.ts";

/** A plan with one value on every axis. */
type Settled<T> = {
  [K in keyof T]: K extends "headers" | "how" | "cacheControl" ? T[K] : T[K] extends Axis<infer V> | undefined ? V : T[K];
};

export type RequestPoint = Settled<Required<RequestPlan>>;

/** One combination of values: where it stands, and what is asked and answered there. */
export interface Point {
  at: Record<string, string>;
  request: { [K in keyof RequestPoint]?: RequestPoint[K] };
  response: Omit<ResponsePlan, "format" | "contentType"> & {
    format?: Exclude<ResponsePlan["format"], unknown[] | undefined>;
    contentType?: string;
  };
  trial: Trial;
}

const sweepable = {
  request: ["method", "version", "acceptEncoding"],
  response: ["format", "contentType"],
  trial: ["recordBytes"],
} as const;

/** Every combination of the values given; one point with nothing in `at` where no axis has more than one. */
export const pointsOf = (request: RequestPlan, response: ResponsePlan, trial: Trial): Point[] => {
  let points: { at: Record<string, string>; request: object; response: object; trial: object }[] = [{ at: {}, request, response, trial }];
  for (const part of ["request", "response", "trial"] as const)
    for (const axis of sweepable[part]) {
      const values: unknown = (points[0]?.[part] as Record<string, unknown> | undefined)?.[axis];
      // A size sweep is one by nature; its arms say so themselves.
      if (!Array.isArray(values) || (part === "trial" && trial.kind === "size-sweep")) continue;
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

/** The id of an arm that is played once more because of what the first showed. */
export const againOf = (id: string): string => id.replace(/^[^@]*/, (role) => `${role}-again`);
export const isAgain = (id: string): boolean => roleOf(id).endsWith("-again");

/** What an arm is for, without its point. */
export const roleOf = (id: string): string => id.split("@")[0] ?? id;

/** The same arm at a point. */
export const atPoint = (arm: Arm, { at }: Point): Arm => {
  const place = Object.values(at).join(",");
  return { ...arm, id: place === "" ? arm.id : `${arm.id}@${place}`, point: { ...at, ...arm.point } };
};

export interface Condition {
  facet: FacetName;
  axis: string;
  values: { value: string; member: string; culprit: NodeId | null }[];
}

const clean = new Set<string>(["incremental", "prompt", "complete", "origin", "intact", "at-once"]);

/** The facets whose verdict flips along an axis, with what was found on each side. */
export const conditionsOf = (facets: readonly Facet[], arms: readonly Arm[]): Condition[] => {
  const pointOf = new Map(arms.map((arm) => [arm.id, arm.point]));
  const axes = [...new Set(arms.flatMap(({ point }) => Object.keys(point)))];
  const names = [...new Set(facets.map(({ facet }) => facet))];
  return names.flatMap((facet) =>
    axes.flatMap((axis): Condition[] => {
      const values = new Map<string, { member: string; culprit: NodeId | null }>();
      for (const found of facets) {
        const value = pointOf.get(found.arm)?.[axis];
        if (found.facet !== facet || value === undefined) continue;
        const before = values.get(value);
        // What deviates anywhere at this value is what this value does.
        if (!before || (clean.has(before.member) && !clean.has(found.finding.member)))
          values.set(value, { member: found.finding.member, culprit: found.culprit });
      }
      const members = new Set([...values.values()].map(({ member }) => member));
      return members.size > 1 ? [{ facet, axis, values: Array.from(values, ([value, found]) => ({ value, ...found })) }] : [];
    }),
  );
};
