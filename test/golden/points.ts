// A verdict in points: what it says about one facet in one case, in a form in which two verdicts can be compared. Pure.
import type { Verdict } from "../../harness/model/verdict.ts";

export interface Point {
  facet: string;
  case: string;
  /** The member and what refines it, e.g. `batched by=bytes`, or `inconclusive`; several are joined by `+`. */
  verdict: string;
  culprit: string;
  /** What else the finding says in words, e.g. `how=FIN`. */
  detail: string;
  numbers: [name: string, value: number][];
  /** What each hop did to its own input. */
  hops: string;
  /** The sentences: evidence, and why something is inconclusive. */
  words: string;
}

/** What a point says where the verdict has none. */
export const untested = "untested";

/** Fields that belong to the name of a finding. */
const refining = ["by", "cause", "until", "released"];

type Fields = Record<string, unknown>;

/** By facet and case. A verdict of JSON: what JSON cannot hold would differ from itself. */
export const pointsOf = (verdict: Verdict): Map<string, Point> => {
  const points = new Map<string, Point>();
  const add = (point: Point): void => {
    const key = `${point.facet} ${point.case}`;
    const before = points.get(key);
    points.set(key, before ? joined(before, point) : point);
  };
  for (const { facet, case: trialCase, observation, culprit, evidence, hops } of verdict.facets)
    add({
      facet,
      case: trialCase,
      ...told(observation),
      culprit: culprit ?? "none",
      hops: hops.map(hopInWords).join(", "),
      words: evidence,
    });
  for (const { facet, case: trialCase, why, byMachine, withinMs } of verdict.inconclusive)
    add({
      facet,
      case: trialCase,
      verdict: byMachine ? "inconclusive by=machine" : "inconclusive",
      culprit: "none",
      detail: "",
      numbers: withinMs === undefined ? [] : [["withinMs", withinMs]],
      hops: "",
      words: why,
    });
  // The saved verdicts do not say how exact a timeout is.
  for (const { kind, culprit, uncertaintyMs: _, ...rest } of verdict.limits)
    add({ facet: "limits", case: "trial", ...told({ member: kind, ...rest }), culprit, hops: "", words: "" });
  return points;
};

const told = (observation: object): Pick<Point, "verdict" | "detail" | "numbers"> => {
  const { member, ...fields } = observation as Fields;
  const named = refining.filter((name) => name in fields).map((name) => `${name}=${String(fields[name])}`);
  const rest = Object.entries(fields).filter(([name]) => !refining.includes(name));
  return {
    verdict: [String(member), ...named].join(" "),
    detail: rest.flatMap(([name, value]) => (typeof value === "number" ? [] : [`${name}=${JSON.stringify(value)}`])).join(" "),
    numbers: rest.flatMap(([name, value]): Point["numbers"] => (typeof value === "number" ? [[name, value]] : [])),
  };
};

const hopInWords = (hop: Verdict["facets"][number]["hops"][number]): string =>
  `${hop.hop}: ${hop.masked ? "masked" : told(hop.observation).verdict}`;

const joined = (one: Point, other: Point): Point => ({
  facet: one.facet,
  case: one.case,
  verdict: `${one.verdict} + ${other.verdict}`,
  culprit: `${one.culprit} + ${other.culprit}`,
  detail: `${one.detail} + ${other.detail}`,
  numbers: [...one.numbers, ...other.numbers],
  hops: `${one.hops} + ${other.hops}`,
  words: `${one.words} + ${other.words}`,
});
