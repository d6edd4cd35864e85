// `next k`: record i leaves when record i + k arrives, at every gap and size.
import { median } from "../view.ts";
import type { Release } from "./release.ts";
import { sureTimes } from "./release.ts";

export const releasedByNext: Release = ({ isConfirmed, passages, case: trialCase, tolerance }) => {
  if (isConfirmed) return null;
  const sizes = trialCase.case.script.body.recordBytes;
  for (const k of [1, 2, 3]) {
    let seen = 0;
    const seenGaps = new Set<number>();
    const bySize = new Map<number, { seen: number; otherwise: number }>();
    for (const passage of passages) {
      const next = passages.find(({ index }) => index === passage.index + k);
      if (!next || passage.out === null) continue;
      // A flood record arrives in many reads, and the first of them releases what is pending before the record is whole.
      if ((sizes[next.index] ?? 0) > (sizes[0] ?? 0)) continue;
      const gap = next.in - passage.in;
      // Two records that arrived together do not show what released the first.
      if (gap < 4 * tolerance.baseMs) continue;
      // Nor do two between which ε is as long as what is looked for: whatever leaves later would seem to leave with the next one.
      if (next.epsilon >= gap) continue;
      const after = passage.out - next.in;
      const size = sizes[passage.index] ?? 0;
      const ofSize = bySize.get(size) ?? { seen: 0, otherwise: 0 };
      bySize.set(size, ofSize);
      if (after < -1 || after > next.epsilon) {
        ofSize.otherwise++;
        continue;
      }
      seen++;
      ofSize.seen++;
      seenGaps.add(Math.round(gap / (4 * tolerance.baseMs)));
    }
    // The machine may delay one record; several of one size mean that the cause depends on the size.
    const sizesShown = [...bySize.values()];
    const isAnySize =
      sizesShown.filter((one) => one.seen > 0).length >= 2 && sizesShown.every((one) => one.otherwise <= Math.max(1, one.seen / 3));
    const otherwise = sizesShown.reduce((sum, one) => sum + one.otherwise, 0);
    if (isAnySize && otherwise <= seen / 6 && seen >= 3 && seenGaps.size >= 2)
      return {
        cause: { member: "lagging", records: k, lagMs: median(passages.flatMap((p) => (p.out === null ? [] : [p.out - p.in]))) },
        // At two sizes and two gaps at least: that is no chance.
        times: Math.max(seen, sureTimes),
      };
  }
  return null;
};
