// Size sweep: lock-step at each size. Pure.
import type { Several } from "../define/request.ts";
import type { RecordBytes } from "../model/figures.ts";
import type { Case } from "../model/script.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";
import { oneLockStep } from "./lock-step.ts";

/** Lock-step at each size. */
export interface SizeSweep {
  kind: "size-sweep";
  recordBytes?: Several<RecordBytes>;
}

const sweepBytes = [1, 60, 600, 2000, 5000, 20000];

const casesOf = (trial: SizeSweep, setting: Setting): Case[] =>
  (trial.recordBytes ?? sweepBytes).map((bytes) => ({
    ...oneLockStep(String(bytes), bytes, 6, setting),
    point: { recordBytes: String(bytes) },
  }));

export const sizeSweep: TrialDefinition<SizeSweep> = {
  tests: ["delivery", "ending", "source", "integrity"],
  takesMs: { usually: 4000, passes: 200 },
  cases: casesOf,
  showsLateRecords: true,
  withoutScript: "watch",
  listsItsAxes: true,
};
