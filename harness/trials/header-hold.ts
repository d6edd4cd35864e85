// Header hold: the header section is flushed, and nothing follows for a while. Pure.
import { repeat, usualBytes } from "../model/case-builder.ts";
import type { Milliseconds } from "../model/figures.ts";
import type { Case } from "../model/script.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";

/** The header section is flushed `holdMs` before the first body byte. */
export interface HeaderHold {
  kind: "header-hold";
  holdMs?: Milliseconds;
}

const casesOf = (trial: HeaderHold, { settings, pace, build }: Setting): Case[] => {
  const holdMs = Math.max(trial.holdMs ?? 600, 6 * settings.epsilonMs);
  return [
    build("header-hold", `the header section alone for ${holdMs} ms, then 4 records`, {
      fitsMachine: true,
      recordBytes: repeat(usualBytes, 4),
      steps: [
        { do: "headers" },
        { do: "pause", ms: holdMs },
        { do: "write", records: 4, everyMs: pace.gapMs },
        { do: "pause", ms: pace.gapMs },
        { do: "end" },
      ],
    }),
  ];
};

export const headerHold: TrialDefinition<HeaderHold> = {
  tests: ["headers", "delivery", "ending", "source", "integrity"],
  takesMs: { usually: 1200 },
  cases: casesOf,
  showsLateRecords: true,
  withoutScript: "watch",
};
