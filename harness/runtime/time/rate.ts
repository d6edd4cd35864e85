// Whether a server's clock really runs faster, from the wire: the dates of two responses, some real time apart. What is
// preloaded may do nothing, as where a program is started anew without the environment that it was given.
import { UnsupportedError } from "../../errors.ts";
import type { Dates } from "../../lab/protocol.ts";

/** Dates are in whole seconds: over this many server seconds, a faster clock can be distinguished from a real one. */
const apartMs = 8000;
const secondMs = 1000;

/** Null: no response with a date arrived. */
export const runsFaster = (dates: Dates | null, timeScale: number): boolean | null =>
  dates && dates.saidMs >= 0.8 * timeScale * dates.leastMs - secondMs && dates.saidMs <= 1.2 * timeScale * dates.mostMs + secondMs;

/** How far apart, in real time, two responses must be for their dates to show it. */
export const datesApartMs = (timeScale: number): number => Math.ceil(apartMs / timeScale);

/** Throws unless the clock ran faster. */
export const refuseUnlessFaster = (title: string, dates: Dates | null, timeScale: number): void => {
  const faster = runsFaster(dates, timeScale);
  if (faster) return;
  const seen =
    dates === null || faster === null
      ? "no response of its own has a date"
      : `between two of its responses ${Math.round(dates.leastMs)} to ${Math.round(dates.mostMs)} ms passed, and by their dates ${dates.saidMs} ms`;
  throw new UnsupportedError(`${title} was started with a clock that runs ${timeScale}× faster, but its clock does not: ${seen}.`);
};
