// Servers that are no longer needed. Stopping one takes a quarter of a second of processor time, and leaving it idle takes next to none: they are
// stopped after the report, unless too many run.

export interface Retirement<T> {
  retire: (one: T) => void;
  /** Until none is being stopped. */
  settled: () => Promise<void>;
}

const mostRunning = 24;

interface Ways<T> {
  /** Called at once. */
  rest: (one: T) => void;
  stop: (one: T) => Promise<void>;
  /** How many servers run, those in use too. */
  running: () => number;
}

export const retirement = <T>({ rest, stop, running }: Ways<T>): Retirement<T> => {
  const idle: T[] = [];
  let stopping: Promise<void> = Promise.resolve();
  const stopOldest = async (): Promise<void> => {
    while (running() > mostRunning && idle.length > 0)
      // oxlint-disable-next-line no-await-in-loop
      await stop(idle.shift() as T).catch(() => {});
  };
  return {
    retire: (one) => {
      rest(one);
      idle.push(one);
      stopping = stopping.then(stopOldest);
    },
    settled: () => stopping,
  };
};
