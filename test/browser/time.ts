// Times in sentences that are compared: what was to come after some time is named by it if it came then.

/** The two sides of a connection learn of its end at different moments. */
const soonerMs = 100;
/** A busy machine is late. */
const laterMs = 2000;

/** `1 s` for all that came when 1500 ms were over, else what was measured: `1200 ms`. */
export const inTime = (measuredMs: number, dueMs: number): string =>
  measuredMs >= dueMs - soonerMs && measuredMs < dueMs + laterMs ? `${Math.floor(dueMs / 1000)} s` : `${Math.round(measuredMs)} ms`;
