// The value of a timeout that someone probably set, from a measurement of it. Pure.
import type { CheckRoute } from "./check-report.ts";

/** In milliseconds. With a clock 50× faster a minute is often measured as 59.4 s: it is the nearest round value if the measurement allows that, else
 *  the measured one. */
export const probablySetMs = ({ ms, uncertaintyMs }: CheckRoute["limits"][number]): number => {
  const rounds = [60_000, 30_000, 15_000, 10_000, 5000].map((step) => Math.max(step, Math.round(ms / step) * step));
  return rounds.find((round) => Math.abs(round - ms) <= Math.min(uncertaintyMs, ms / 50)) ?? ms;
};
