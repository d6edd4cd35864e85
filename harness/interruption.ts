// The end of what is interrupted.
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

/** How long an interrupted run may take to end by itself before it is done without. */
const graceMs = 1000;

/** What a run comes to, or null where it is interrupted and does not end by itself soon. */
export const unlessInterrupted = async <T>(running: Promise<T>, signal: AbortSignal): Promise<T | null> => {
  const over = new AbortController();
  const givenUp = async (): Promise<null> => {
    if (!signal.aborted) await once(signal, "abort", { signal: over.signal });
    return delay(graceMs, null, { signal: over.signal });
  };
  return Promise.race([running, givenUp()]).finally(() => over.abort());
};
