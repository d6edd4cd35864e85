// A client that stops reading on purpose.
import { now } from "./clock.ts";

/** How long the hops may continue to fill their buffers while the client reads nothing. */
const longestFillMs = 20_000;

interface Stalling {
  forMs: number;
  /** When response bytes last passed any tap. */
  lastResponseAt: () => number;
  after: (ms: number, act: () => void) => void;
  readOn: (at: number) => void;
}

/** Waits until the hops have stopped reading, too: each of their reads may restart a write timeout (nginx: ngx_event_pipe). */
export const stallThenReadOn = ({ forMs, lastResponseAt, after, readOn }: Stalling): void => {
  const from = now();
  const readOnOrWait = (): void => {
    const at = now();
    const dueAt = Math.min(Math.max(from, lastResponseAt()) + forMs, from + forMs + longestFillMs);
    if (at < dueAt) after(dueAt - at, readOnOrWait);
    else readOn(at);
  };
  after(forMs, readOnOrWait);
};
