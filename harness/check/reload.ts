// The reload of the servers of a configuration while streams flow through them.
import { setTimeout as delay } from "node:timers/promises";
import { allOf } from "./passage.ts";
import type { ServerUnderTest } from "./start-server.ts";

interface Reloading {
  /** Whether the reload was asked for, and why it could not be done. */
  seen: () => { isDone: boolean; failure: string | null };
  stop: () => void;
}

/** `afterMs` resolves once the streams have begun. */
export const reloadInMidStream = (on: ServerUnderTest, afterMs: Promise<number>): Reloading => {
  const stopping = new AbortController();
  let failure: string | null = null;
  let isDone = false;
  afterMs
    .then((ms) => delay(ms, undefined, { signal: stopping.signal }))
    .then(() => {
      isDone = true;
      return Promise.all(allOf(on).map(({ server }) => server.reload()));
    })
    .catch((error: unknown) => {
      if (!stopping.signal.aborted) failure = error instanceof Error ? error.message : String(error);
    });
  return { seen: () => ({ isDone, failure }), stop: () => stopping.abort() };
};
