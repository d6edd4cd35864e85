// A block of lines at the end of a terminal that is overwritten, below lines that stay.

export interface Block {
  /** `finished`: lines that stay above it. */
  paint: (finished?: string) => void;
  /** At once, or a little later together with what happens until then. */
  paintSoon: () => void;
  /** Removes it. */
  clear: () => void;
}

const repaintEveryMs = 1000;
/** Painting must not disturb what is measured: trials begin and end by the dozen. */
const leastBetweenMs = 100;

const up = "\u001B[1A";
const eraseLine = "\r\u001B[2K";

export const liveBlock = (lines: () => readonly string[], write: (text: string) => void, now: () => number): Block => {
  let painted = 0;
  let paintedAt = -Infinity;
  let ticking: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout | undefined;

  const erased = (): string => (painted === 0 ? "" : eraseLine + `${up}${eraseLine}`.repeat(painted - 1));
  const paint = (finished = ""): void => {
    const block = lines();
    write(`${erased()}${finished}${block.join("\n")}`);
    painted = block.length;
    paintedAt = now();
    clearTimeout(soon);
    soon = undefined;
    ticking ??= setInterval(() => paint(), repaintEveryMs).unref();
  };
  return {
    paint,
    paintSoon: () => {
      const sinceMs = now() - paintedAt;
      if (sinceMs >= leastBetweenMs) paint();
      else soon ??= setTimeout(() => paint(), leastBetweenMs - sinceMs).unref();
    },
    clear: () => {
      clearInterval(ticking);
      clearTimeout(soon);
      if (painted > 0) write(erased());
      painted = 0;
    },
  };
};
