// The result of a part of the bench: figures, or why there are none.

export type Unit = "ms" | "s" | "reads" | "scenarios" | "trials" | "findings";

export interface Figure {
  name: string;
  value: number;
  unit: Unit;
  /** The aim: at most this. */
  aim?: number;
  /** Compared with another figure of the same part and run. */
  ratioTo?: { name: string; ratio: number };
}

export type Progress = (text: string) => void;

/** The exports of a part's file. */
export interface Part {
  measure: (progress: Progress) => Promise<Figure[]>;
}

/** A part that cannot be measured here: no fault; reported with its reason and its fix. */
export class Skipped extends Error {
  override name = "Skipped";
}

/** Nearest rank: the smallest sample such that `share` of all are not above it. */
export const rankOf = (samples: readonly number[], share: number): number => {
  const sorted = Float64Array.from(samples).toSorted();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};

export const medianOf = (samples: readonly number[]): number => rankOf(samples, 0.5);
