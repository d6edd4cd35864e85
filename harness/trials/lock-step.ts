// Lock-step: each record waits until the client has the previous one; if that fails, two gaps, two sizes and a flood. Pure.
import type { Axis } from "../define/request.ts";
import { repeat } from "../model/case-builder.ts";
import type { RecordBytes, RecordCount } from "../model/figures.ts";
import type { Case } from "../model/script.ts";
import { onlySize } from "../model/pace.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";

/** Each record is written only after the client has confirmed the one before; where that fails: paced at two sizes and two gaps, then flooded. */
export interface LockStep {
  kind: "lock-step";
  recordBytes?: Axis<RecordBytes>;
  records?: RecordCount;
}

const kilobyte = 1024;

/** Writes that double from 1 KiB to 1 MiB, more than an ordinary buffer. */
const flood = Array.from({ length: 11 }, (_, power) => kilobyte << power);

const casesOf = (trial: LockStep, setting: Setting): Case[] => [oneLockStep("", onlySize(trial.recordBytes), trial.records ?? 8, setting)];

export const oneLockStep = (variant: string, bytes: number, records: number, { point: { request }, build, pace }: Setting): Case => {
  const half = Math.max(1, bytes >> 1);
  const paced = 6;
  const coding = request.acceptEncoding ? `, Accept-Encoding: ${request.acceptEncoding}` : "";
  return build("lock-step", `lock-step, ${records} records of ${bytes} B${coding}`, {
    variant,
    fitsMachine: true,
    recordBytes: [...repeat(bytes, records + paced), ...repeat(half, paced), ...flood],
    steps: [
      { do: "headers" },
      { do: "lock-step", records, patienceMs: pace.patienceMs },
      { do: "write", records: paced, everyMs: pace.gapMs, only: "unacknowledged" },
      { do: "pause", ms: pace.otherGapMs, only: "unacknowledged" },
      { do: "write", records: paced, everyMs: pace.otherGapMs, only: "unacknowledged" },
      { do: "pause", ms: 2 * pace.gapMs, only: "unacknowledged" },
      { do: "write", records: flood.length, everyMs: 40, only: "unacknowledged" },
      { do: "pause", ms: 300, only: "unacknowledged" },
      { do: "end" },
    ],
  });
};

export const lockStep: TrialDefinition<LockStep> = {
  tests: ["delivery", "ending", "source", "integrity"],
  takesMs: { usually: 4000, passes: 200 },
  cases: casesOf,
  showsLateRecords: true,
  withoutScript: "watch",
};
