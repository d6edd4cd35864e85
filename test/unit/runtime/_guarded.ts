// Programs that are hard to end, and what is left of them.
import { processesWith, whenEmpty } from "../../e2e/runtime/_left.ts";

export const starter = new URL("./fixtures/starter.ts", import.meta.url).pathname;
/** A second of patience with the programs, and what a busy machine adds. */
const goneWithinMs = 8000;

let families = 0;
export const newFamily = (): string => `1000.${process.pid}${String((families += 1)).padStart(3, "0")}`;

/** Deaf to TERM, with a child in its group, one in a session of its own, and one that has lost its parent, its files and its environment
 *  besides. */
export const deaf = (marker: string): string =>
  `trap '' TERM; sleep ${marker} & setsid sleep ${marker} & (env -i setsid sleep ${marker} <&- >&- 2>&- &); echo up; sleep ${marker}; :`;
/** Ends by itself, but not with all that it started. */
export const brief = (marker: string): string => `setsid sleep ${marker} & sleep ${marker} & echo up`;
export const inGroup = (marker: string): string => `trap '' TERM; sleep ${marker} & echo up; sleep ${marker}; :`;

export const left = (family: string): Promise<string[]> => whenEmpty(() => processesWith(family), goneWithinMs, 250);
