// Ends an interrupted run.
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

/** How long an interrupted run may take to end by itself before it is abandoned. */
const graceMs = 1000;

/** The run's result; null if it was interrupted and does not end by itself in time. */
export const unlessInterrupted = async <T>(running: Promise<T>, signal: AbortSignal): Promise<T | null> => {
  const over = new AbortController();
  const givenUp = async (): Promise<null> => {
    if (!signal.aborted) await once(signal, "abort", { signal: over.signal });
    return delay(graceMs, null, { signal: over.signal });
  };
  return Promise.race([running, givenUp()]).finally(() => over.abort());
};
