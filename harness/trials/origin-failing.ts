// Origin failing: after a few requests, the origin closes every other connection before its response begins. Pure.
import type { RecordCount } from "../model/figures.ts";
import { usualBytes } from "../model/case-builder.ts";
import type { Case } from "../model/script.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";

/** Requests one after another. The application answers the first few: a hop that refuses one of them limits their rate. From then on it answers
 *  every other one, and closes the connections of those between: a hop may then answer by itself for a while. */
export interface OriginFailing {
  kind: "origin-failing";
  failures?: RecordCount;
}

/** Longer than a hop takes to try all servers of an upstream. */
const everyMs = 150;

/** How many are answered before the first one that fails. */
const before = 4;

const casesOf = (trial: OriginFailing, { settings, build }: Setting): Case[] => {
  const startAt = (place: number) => [{ start: { afterMs: place * Math.max(everyMs, 20 * settings.epsilonMs) } }];
  const failing = (number: number, place: number): Case =>
    build("failing", `request ${number} that the origin closes before its header section`, {
      variant: String(number),
      recordBytes: [usualBytes],
      steps: [{ do: "abort", how: "close" }],
      clients: startAt(place),
    });
  const answering = (title: string, variant: string, place: number): Case =>
    build("answering", title, {
      variant,
      recordBytes: [usualBytes],
      steps: [{ do: "headers" }, { do: "write", records: 1, everyMs: 0 }, { do: "end" }],
      clients: startAt(place),
    });
  return [
    ...Array.from({ length: before }, (_, at) => answering(`request ${at + 1} before the first that fails`, `before-${at + 1}`, at)),
    ...Array.from({ length: trial.failures ?? 8 }, (_, at) => [
      failing(at + 1, before + 2 * at),
      answering(`request ${at + 1} that it answers`, String(at + 1), before + 2 * at + 1),
    ]).flat(),
  ];
};

export const originFailing: TrialDefinition<OriginFailing> = {
  tests: [],
  takesMs: { usually: 3100 },
  cases: casesOf,
};
