// The value of a timeout that someone probably set, from a measurement of it. Pure.
import type { CheckRoute } from "./check-report.ts";

/** How far a round value may be from a measured one, however uncertain that is. With a clock 60× faster a minute is often measured as 59.4 s, and
 *  on a busy machine once as 58 s. */
const mostShare = 0.04;

/** In milliseconds: the nearest round value if the measurement allows that, else the measured one. */
export const probablySetMs = ({ ms, uncertaintyMs }: CheckRoute["limits"][number]): number => {
  const rounds = [60_000, 30_000, 15_000, 10_000, 5000].map((step) => Math.max(step, Math.round(ms / step) * step));
  return rounds.find((round) => Math.abs(round - ms) <= Math.min(uncertaintyMs, mostShare * ms)) ?? ms;
};
