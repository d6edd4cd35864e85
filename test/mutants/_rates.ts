import type { Variant } from "../../harness/define.ts";

export const bytesPerSecondOf = { "1k": 1_000, "10k": 10_000, "100k": 100_000, "1m": 1_000_000 } as const;

export type Rate = keyof typeof bytesPerSecondOf;

/** The variants of a throttle, one for each rate. */
export const rateVariants: Record<string, Variant> = Object.fromEntries(
  Object.entries(bytesPerSecondOf).map(([name, bytesPerSecond]) => [
    name,
    { title: `${bytesPerSecond} bytes per second`, options: { bytesPerSecond } },
  ]),
);
