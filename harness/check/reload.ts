// The reload of the servers of a configuration while streams flow through them.
import { setTimeout as delay } from "node:timers/promises";
import { now } from "../lab/clock.ts";
import type { CaseTrace } from "../model/trace.ts";
import { allOf } from "./passage.ts";
import type { ServerUnderTest } from "./start-server.ts";

interface Reloading {
  /** The reloads that were asked for: none before the streams have begun. */
  acted: () => Acted;
  /** Why they could not be done. */
  failure: () => string | null;
  stop: () => void;
}

type Acted = NonNullable<CaseTrace["actions"]>;

/** `afterMs` resolves once the streams have begun. */
export const reloadInMidStream = (on: ServerUnderTest, afterMs: Promise<number>): Reloading => {
  const stopping = new AbortController();
  let failure: string | null = null;
  const done: Acted = [];
  afterMs
    .then((ms) => delay(ms, undefined, { signal: stopping.signal }))
    .then(() =>
      Promise.all(
        allOf(on).map(({ server }) => {
          done.push({ do: "reload", on: server.hop, at: now() });
          return server.reload();
        }),
      ),
    )
    .catch((error: unknown) => {
      if (!stopping.signal.aborted) failure = error instanceof Error ? error.message : String(error);
    });
  return { acted: () => done, failure: () => failure, stop: () => stopping.abort() };
};
