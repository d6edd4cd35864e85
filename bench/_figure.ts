// What a part of the bench answers: figures, or why there are none.

export type Unit = "ms" | "s" | "reads" | "scenarios";

export interface Figure {
  name: string;
  value: number;
  unit: Unit;
  /** What it ought to be at most. */
  aim?: number;
  /** How many times another figure of the same part, measured in the same run. */
  ratioTo?: { name: string; ratio: number };
}

export type Progress = (text: string) => void;

/** What a file of a part exports. */
export interface Part {
  measure: (progress: Progress) => Promise<Figure[]>;
}

/** A part that cannot be measured here: not a fault, but said with its reason and its remedy. */
export class Skipped extends Error {
  override name = "Skipped";
}

/** Nearest rank: the smallest sample that `share` of all are not above. */
export const rankOf = (samples: readonly number[], share: number): number => {
  const sorted = Float64Array.from(samples).toSorted();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};

export const medianOf = (samples: readonly number[]): number => rankOf(samples, 0.5);
