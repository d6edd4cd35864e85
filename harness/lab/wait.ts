// Waiting without polling: for a time, for a single event, for a growing number.

/** Calls `wake` when the event has happened, immediately if it already has; returns how to stop listening. */
export type Signal = (wake: () => void) => () => void;

const nothing = (): void => {};

/** A single event. */
export class Latch {
  isTripped = false;
  readonly #listeners = new Set<() => void>();

  trip(): void {
    if (this.isTripped) return;
    this.isTripped = true;
    for (const wake of this.#listeners) wake();
    this.#listeners.clear();
  }

  readonly signal: Signal = (wake) => {
    if (this.isTripped) {
      wake();
      return nothing;
    }
    this.#listeners.add(wake);
    return () => this.#listeners.delete(wake);
  };
}

/** A number that only grows. */
export class Tally {
  value = 0;
  #waiting: { target: number; wake: () => void }[] = [];

  raise(value: number): void {
    if (value <= this.value) return;
    this.value = value;
    if (this.#waiting.length === 0) return;
    const due = this.#waiting.filter(({ target }) => target <= value);
    this.#waiting = this.#waiting.filter(({ target }) => target > value);
    for (const { wake } of due) wake();
  }

  reaches(target: number): Signal {
    return (wake) => {
      if (this.value >= target) {
        wake();
        return nothing;
      }
      const entry = { target, wake };
      this.#waiting.push(entry);
      return () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
      };
    };
  }
}

/** Resolves at the first of the signals, or after `ms` if that is not null. */
export const wait = (ms: number | null, ...signals: Signal[]): Promise<void> =>
  new Promise((resolve) => {
    const undo: (() => void)[] = [];
    let isOver = false;
    const finish = (): void => {
      if (isOver) return;
      isOver = true;
      for (const stop of undo) stop();
      resolve();
    };
    if (ms !== null) {
      const timer = setTimeout(finish, ms);
      undo.push(() => clearTimeout(timer));
    }
    for (const signal of signals) {
      if (isOver) break;
      undo.push(signal(finish));
    }
    if (isOver) for (const stop of undo) stop();
  });

/** Waits for one whole turn of the event loop, so that bytes just written to a connection whose other end is in this process are read there
 *  separately. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/** From so many bytes on, a copy waits for its turn. */
export const largeBytes = 64 * 1024;

let lastTurn: Promise<void> = Promise.resolve();

/** Large copies take turns, one in each turn of the event loop: many at once would keep every record of every stream waiting, and the control
 *  would show a slow machine. */
export const turnToCopy = (): Promise<void> => (lastTurn = lastTurn.then(breathe));
