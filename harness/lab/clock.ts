// CLOCK_MONOTONIC in milliseconds: one clock for every process and container of a machine.

/** hrtime is read first, so an interruption makes the difference too small: the largest one is the best. */
const offsetMs = Math.max(...Array.from({ length: 20 }, () => Number(process.hrtime.bigint()) / 1e6 - performance.now()));

export const now = (): number => performance.now() + offsetMs;
