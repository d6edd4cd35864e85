// An exchange before and after its content was compared with what the origin wrote.
import type { Placement } from "../model/fidelity.ts";
import type { Exchange } from "../model/trace.ts";

/** An exchange whose content has not been compared yet. */
export interface Decoded {
  exchange: Exchange;
  content: Uint8Array;
}

/** Adds the result of the comparison. */
export const placed = ({ exchange }: Decoded, { nonce, fidelity, ends }: Placement): Exchange => ({
  ...exchange,
  nonce,
  fidelity,
  records: recordTimes(ends, exchange.progress),
});

export const unplaced = { nonce: null, fidelity: { kind: "intact" }, records: [] } satisfies Partial<Exchange>;

const recordTimes = (ends: Placement["ends"], progress: readonly [number, number][]): (number | null)[] => {
  let read = 0;
  return ends.map((end) => {
    if (end === null) return null;
    // Altered content may repeat a record out of order: start over if an end is lower than the previous one.
    if (read > 0 && (progress[read - 1]?.[1] ?? 0) >= end) read = 0;
    while (read < progress.length && (progress[read]?.[1] ?? 0) < end) read++;
    return progress[read]?.[0] ?? null;
  });
};
