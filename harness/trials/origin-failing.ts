// Origin failing: the origin closes every other connection before its response begins. Pure.
import type { RecordCount } from "../model/figures.ts";
import { usualBytes } from "../model/case-builder.ts";
import type { Case } from "../model/script.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";

/** Requests one after another, of which the application answers every other one, and closes the connections of those between: a hop may then
 *  answer by itself for a while. */
export interface OriginFailing {
  kind: "origin-failing";
  failures?: RecordCount;
}

/** Longer than a hop takes to try all servers of an upstream. */
const everyMs = 150;

const casesOf = (trial: OriginFailing, { settings, build }: Setting): Case[] =>
  Array.from({ length: trial.failures ?? 8 }, (_, index) => {
    const startAt = (after: number) => [{ start: { afterMs: (2 * index + after) * Math.max(everyMs, 20 * settings.epsilonMs) } }];
    const variant = String(index + 1);
    return [
      build("failing", `request ${index + 1} that the origin closes before its header section`, {
        variant,
        recordBytes: [usualBytes],
        steps: [{ do: "abort", how: "close" }],
        clients: startAt(0),
      }),
      build("answering", `request ${index + 1} that it answers`, {
        variant,
        recordBytes: [usualBytes],
        steps: [{ do: "headers" }, { do: "write", records: 1, everyMs: 0 }, { do: "end" }],
        clients: startAt(1),
      }),
    ];
  }).flat();

export const originFailing: TrialDefinition<OriginFailing> = {
  tests: [],
  takesMs: { usually: 2500 },
  cases: casesOf,
};
