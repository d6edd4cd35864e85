// First-byte wait: nothing at all for a while, then a short response. Pure.
import { repeat, usualBytes } from "../model/case-builder.ts";
import type { Milliseconds } from "../model/figures.ts";
import type { Case } from "../model/script.ts";
import { scaledWait, waitFor } from "../model/pace.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";

/** Nothing at all for `waitMs`, then a short response. */
export interface FirstByteWait {
  kind: "first-byte-wait";
  waitMs?: Milliseconds;
}

const casesOf = (trial: FirstByteWait, { settings, pace, build }: Setting): Case[] => {
  const wait = scaledWait(trial.waitMs ?? waitFor(settings), settings);
  const waitMs = wait.ms;
  return [
    build("first-byte-wait", `nothing for ${wait.words}, then 3 records`, {
      recordBytes: repeat(usualBytes, 3),
      steps: [{ do: "pause", ms: waitMs }, { do: "headers" }, { do: "write", records: 3, everyMs: pace.gapMs }, { do: "end" }],
      patienceMs: waitMs + 2000,
    }),
  ];
};

export const firstByteWait: TrialDefinition<FirstByteWait> = {
  tests: ["ending"],
  takesMs: { usually: 3000 },
  cases: casesOf,
  waitMs: ({ waitMs }) => waitMs,
  silentMs: ({ waitMs = 0 }) => waitMs,
};
