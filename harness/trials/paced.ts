// Paced: records at one gap, then records of half the size at another. Pure.
import type { Axis } from "../define/request.ts";
import { repeat } from "../model/case-builder.ts";
import type { Milliseconds, RecordBytes, RecordCount } from "../model/figures.ts";
import type { Case } from "../model/script.ts";
import { onlySize } from "../model/pace.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";

/** Records at fixed gaps; nothing waits for anything. */
export interface Paced {
  kind: "paced";
  recordBytes?: Axis<RecordBytes>;
  records?: RecordCount;
  /** Default: as wide as this machine needs, 160 ms at least. */
  everyMs?: Milliseconds;
}

const casesOf = (trial: Paced, { pace, build }: Setting): Case[] => {
  const bytes = onlySize(trial.recordBytes);
  const half = Math.max(1, bytes >> 1);
  const records = trial.records ?? 8;
  // A busy machine needs wider gaps; but what the author says is a rate, and stays below a timeout.
  const everyMs = trial.everyMs ?? pace.gapMs;
  return [
    build(
      "paced",
      `${records} records of ${bytes} B every ${everyMs} ms, then ${records} of ${half} B every ${Math.round(everyMs * 1.7)} ms`,
      {
        fitsMachine: trial.everyMs === undefined,
        recordBytes: [...repeat(bytes, records), ...repeat(half, records)],
        steps: [
          { do: "headers" },
          { do: "write", records, everyMs },
          { do: "pause", ms: Math.round(everyMs * 1.7) },
          { do: "write", records, everyMs: Math.round(everyMs * 1.7) },
          { do: "pause", ms: everyMs },
          { do: "end" },
        ],
      },
    ),
  ];
};

export const paced: TrialDefinition<Paced> = {
  tests: ["delivery", "ending", "source", "integrity"],
  takesMs: { usually: 3500 },
  cases: casesOf,
  showsLateRecords: true,
  withoutScript: "watch",
};
