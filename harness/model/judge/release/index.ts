// The second question of delivery: what released the late records. The order is that of verdicts.md; the first rule that fits counts.
import { releasedByBytes, releasedByBytesRoughly, releasedByMore, releasedOnce } from "./by-bytes.ts";
import { releasedByEither } from "./by-either.ts";
import { releasedByEnd } from "./by-end.ts";
import { releasedByNext } from "./by-next.ts";
import { releasedByRate } from "./by-rate.ts";
import { releasedByTimer } from "./by-timer.ts";
import { releasedByWrites } from "./by-writes.ts";
import type { Found, Release, Seen } from "./release.ts";

const rules: Release[] = [
  releasedByEnd,
  releasedByNext,
  releasedByBytes,
  // Before the timer: a time proportional to the size seems constant where all sizes are similar.
  releasedByRate,
  releasedByTimer,
  releasedByWrites,
  releasedByEither,
  releasedByBytesRoughly,
  releasedOnce,
  releasedByMore,
];

export const releaseOf = (seen: Seen): Found | null => {
  for (const rule of rules) {
    const found = rule(seen);
    if (found) return found;
  }
  return null;
};
