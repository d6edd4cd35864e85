// A trial of a reload that lasts longer than what a server grants open streams after one: on a faster clock. Pure.
import { paceOf } from "../model/pace.ts";
import { mostTimeScale, reloadRecords } from "./checks.ts";
import type { Check } from "./checks.ts";
import type { Route, RouteLimit } from "./configuration.ts";
import type { CheckedConfig } from "./server.ts";
import type { Trial } from "../define.ts";

/** By the machine's own clock the cut comes after about a second, where the clock may run that much faster. */
const cutAfterMs = 1000;
/** And no silence between two records is taken for an idle timeout: a busy machine needs gaps of more than a second. */
const leastIdleMs = 2000;
/** Where none is set. */
const usualIdleMs = 60_000;
/** On the server's clock: timeouts of up to two minutes are reported. */
const longestMs = 130_000;
/** By the machine's own clock: what would take longer is not waited for. */
const longestRealMs = 20_000;

/** In gaps between records: two records have passed then, and most are still to come. */
export const reloadAfterGaps = 2.5;
/** Of `paced`, on a machine that is not busy: each record comes once at one gap, and once, half as large, at the other. */
const { gapMs, otherGapMs } = paceOf({ epsilonMs: 0 });
/** For the reload to begin, and the cut to reach the client. */
const marginMs = 1000;

type Asking = Pick<CheckedConfig, "cutsAfterReloadMs" | "limits">;

/** One pace for all routes of a server, since one reload disturbs all of them. The trial as it is where nothing is cut, or only after longer
 *  than is waited for. */
export const outlasting = (config: Asking, routes: readonly Route[]): ((check: Check) => Check) => {
  const idleMs = Math.min(...routes.flatMap((route) => (config.limits?.(route) ?? []).flatMap(idleOf)));
  const scaleFor = (ms: number): number =>
    Math.max(1, Math.min(mostTimeScale, Math.ceil(ms / cutAfterMs), Math.floor(idleMs / leastIdleMs)));
  const cuts = routes.flatMap((route) => config.cutsAfterReloadMs?.(route) ?? []);
  // The longest that there is time for.
  const ms = Math.max(0, ...cuts.filter((cut) => cut <= longestMs && cut / scaleFor(cut) <= longestRealMs));
  const timeScale = scaleFor(ms);
  return (check) => {
    if (check.feature !== "reload" || ms === 0) return check;
    const trial = lasting(ms / timeScale);
    return timeScale === 1 ? { ...check, trial } : { ...check, trial, timeScale, ...inRealTime(check, ms) };
  };
};

const idleOf = ({ kind, set }: RouteLimit): number[] => (kind === "idle-timeout" ? [set?.ms ?? usualIdleMs] : []);

const inRealTime = ({ trial }: Check, ms: number): Pick<Check, "inRealTime" | "takesMs"> =>
  ms <= longestRealMs ? { inRealTime: lasting(ms), takesMs: ms + marginMs } : { inRealTime: trial };

/** It goes on for a fifth longer than the time after which it may be cut. */
const lasting = (ms: number): Trial => ({
  kind: "paced",
  records: Math.max(reloadRecords, Math.ceil((1.2 * ms + marginMs + reloadAfterGaps * gapMs) / (gapMs + otherGapMs))),
});
