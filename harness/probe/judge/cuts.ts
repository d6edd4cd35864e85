// Responses that were all cut after the same time: a timeout. Pure.
import type { Judged } from "./judge.ts";
import { median } from "./numbers.ts";

export interface SameCut {
  facet: "ending";
  kind: "same-cut";
  by: "idle-timeout" | "total-timeout";
  /** The silence before the cut, or the time since the request. */
  ms: number;
  responses: number;
}

const alikeShare = 0.05;
const alikeMs = 200;

export const cutsCompared = (all: readonly Judged[]): SameCut[] =>
  (["idle-timeout", "total-timeout"] as const).flatMap((by): SameCut[] => {
    const times = all.flatMap(({ findings }) => findings.flatMap((finding) => (finding.kind === "cut" ? timeOf(finding, by) : [])));
    const ms = median(times);
    const isSame = times.every((time) => Math.abs(time - ms) <= Math.max(alikeMs, alikeShare * ms));
    return times.length > 1 && isSame ? [{ facet: "ending", kind: "same-cut", by, ms, responses: times.length }] : [];
  });

const timeOf = ({ atMs, cut }: Extract<Judged["findings"][number], { kind: "cut" }>, by: SameCut["by"]): number[] => {
  if (cut.by !== by) return [];
  return [cut.by === "idle-timeout" ? cut.silentMs : atMs];
};
