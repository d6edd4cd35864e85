// The reads of a recorded wire.
import type { Wire } from "../model/recording.ts";

/** Each read of a wire with its time, as far as its bytes were recorded. */
export function* readsOf(wire: Wire, from = 0): Generator<{ at: number; bytes: Uint8Array; offset: number }> {
  let start = 0;
  for (let read = 0; read < wire.at.length; read++) {
    const end = Math.min(wire.ends[read] ?? start, wire.bytes.byteLength);
    if (end > from && end > start) {
      const first = Math.max(start, from);
      yield { at: wire.at[read] ?? 0, bytes: wire.bytes.subarray(first, end), offset: first };
    }
    start = end;
  }
}
