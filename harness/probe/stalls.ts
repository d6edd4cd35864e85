// When this process stood still: what arrived meanwhile was read late, and looks like a clump.
const tickMs = 10;
/** A timer may be this much late without a standstill. */
const usualMs = 10;

export interface StallWatch extends Disposable {
  /** Intervals since the given time, relative to it. */
  since: (atMs: number) => [fromMs: number, toMs: number][];
}

export const watchStalls = (): StallWatch => {
  const stalls: [number, number][] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const at = performance.now();
    if (at - last > tickMs + usualMs) stalls.push([last, at]);
    last = at;
  }, tickMs);
  return {
    since: (atMs) => stalls.filter(([, to]) => to > atMs).map(([from, to]) => [from - atMs, to - atMs]),
    [Symbol.dispose]: () => clearInterval(timer),
  };
};
