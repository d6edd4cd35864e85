// Origin abort: the origin aborts its response, in each of several ways. Pure.
import type { Several } from "../define/request.ts";
import { repeat, usualBytes } from "../model/case-builder.ts";
import type { AbortHow, Case } from "../model/script.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";

/** The application aborts after half of its records. */
export interface OriginAbort {
  kind: "origin-abort";
  how?: Several<AbortHow>;
}

/** Whether a hop reads the last bytes before the reset after them is a race, so it is repeated. */
const race = { times: 24, everyMs: 25 } as const;

const casesOf = (trial: OriginAbort, { settings, build }: Setting): Case[] =>
  (trial.how ?? ["reset", "close", "no-last-chunk"]).flatMap((how) =>
    Array.from({ length: how === "reset-after-data" ? race.times : 1 }, (_, time) =>
      build(
        "abort",
        how === "reset-after-data"
          ? `the origin resets directly after record 5 of 8 (try ${time + 1} of ${race.times})`
          : `the origin aborts (${how}) after 4 of 8 records`,
        {
          variant: time === 0 ? how : `${how}-${time + 1}`,
          recordBytes: repeat(usualBytes, 8),
          steps: [{ do: "headers" }, { do: "write", records: 4, everyMs: 50 }, { do: "await-client", atMostMs: 500 }, { do: "abort", how }],
          patienceMs: Math.max(2000, 20 * settings.epsilonMs),
          clients: [{ start: { afterMs: time * race.everyMs } }],
        },
      ),
    ),
  );

export const originAbort: TrialDefinition<OriginAbort> = {
  tests: ["delivery", "ending", "source", "integrity"],
  takesMs: { usually: 2500 },
  cases: casesOf,
};
