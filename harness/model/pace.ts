// The pace of the cases of a trial, and the waits that a time scale shortens. Pure.
import { usualBytes } from "./case-builder.ts";
import type { Settings } from "./case-builder.ts";

export interface Pace {
  patienceMs: number;
  /** Two gaps that are no multiples of each other, each at least 8 ε. */
  gapMs: number;
  otherGapMs: number;
}

/** Trials are planned for no larger ε: after a machine stood still for a second, gaps would grow to minutes, beyond every timeout of a hop.
 *  What this leaves inconclusive gets another attempt. */
export const mostPlannedEpsilonMs = 100;

export const paceOf = ({ epsilonMs }: Pick<Settings, "epsilonMs">): Pace => {
  const gapMs = Math.ceil(Math.max(160, 8 * epsilonMs));
  return { patienceMs: Math.max(1000, 10 * epsilonMs), gapMs, otherGapMs: Math.round(gapMs * 1.7) };
};

/** Longer than the declared timeout. Without one 3 s; at a time scale more than a minute, the default timeout of many servers. */
export const waitFor = ({ limitMs, timeScale = 1 }: Settings): number =>
  limitMs === null ? (timeScale === 1 ? 3000 : Math.max(75_000, 3000 * timeScale)) : 2.5 * limitMs;

export const scaledWait = (serversMs: number, { timeScale = 1 }: Settings): { ms: number; words: string } => ({
  ms: serversMs / timeScale,
  words: timeScale === 1 ? `${serversMs} ms` : `${serversMs} ms by clocks that run ${timeScale}× faster`,
});

/** The size of a trial that is no size sweep. */
export const onlySize = (bytes: number | number[] | undefined): number => (Array.isArray(bytes) ? bytes[0] : bytes) ?? usualBytes;
