// A queue in which each piece waits for its own time, and all leave in order.
import type { Steps } from "../../proxies/_forward.ts";

/** Timers count whole milliseconds: a time within the next half is due. */
const earlyMs = 0.5;

export interface Line {
  /** Releases a piece after this time, or with the previous one if that leaves later. True: more may come. */
  hold: (piece: Buffer, ms: number) => true;
  /** Runs after the last piece has left. */
  after: Pick<Steps, "end" | "cut">;
}

export const createLine = (straight: Steps): Line => {
  const waiting: { dueAt: number; leave: () => unknown }[] = [];
  const release = (): void => {
    for (let head = waiting[0]; head && head.dueAt <= performance.now() + earlyMs; head = waiting[0]) {
      waiting.shift();
      head.leave();
    }
    if (waiting[0]) setTimeout(release, waiting[0].dueAt - performance.now());
  };
  const queue = (ms: number, leave: () => unknown): void => {
    waiting.push({ dueAt: performance.now() + ms, leave });
    if (waiting.length === 1) release();
  };
  return {
    hold: (piece, ms) => {
      queue(ms, () => straight.write(piece));
      return true;
    },
    after: { end: () => queue(0, straight.end), cut: () => queue(0, straight.cut) },
  };
};
