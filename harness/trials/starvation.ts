// Starvation: one more request while slow streams are open. Pure.
import { repeat, usualBytes } from "../model/case-builder.ts";
import type { RecordCount } from "../model/figures.ts";
import type { Case } from "../model/script.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";

/** One more request while `streams` slow ones are open: a server with as many workers, each of which serves one request, keeps it waiting. */
export interface Starvation {
  kind: "starvation";
  streams?: RecordCount;
}

const records = 12;
const everyMs = 400;
const answerWithinMs = 3000;

const casesOf = (trial: Starvation, { build }: Setting): Case[] => {
  const streams = trial.streams ?? 8;
  return [
    build("queue", `one more request while ${streams} slow streams are open`, {
      recordBytes: repeat(usualBytes, records),
      steps: [{ do: "headers" }, { do: "write", records, everyMs }, { do: "end" }],
      // The first client is the one that is judged.
      clients: [
        { start: { whenClient: streams, has: { records: 1 } }, firstByteWithinMs: answerWithinMs },
        ...Array.from({ length: streams }, () => ({})),
      ],
    }),
  ];
};

export const starvation: TrialDefinition<Starvation> = {
  tests: ["ending", "delivery", "source", "integrity"],
  takesMs: { usually: 6000 },
  cases: casesOf,
};
