// Experiments in waves: what is requested concurrently runs concurrently.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Experiment, Trying } from "./tried.ts";

interface Asked {
  experiments: readonly Experiment[];
  settle: (outcome: ReturnType<Trying>) => void;
}

/** Nothing starts while something else is measured. */
export const inWaves = (trying: Trying): Trying => {
  const waiting: Asked[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const wave = async (): Promise<void> => {
    const asked = waiting.splice(0);
    if (asked.length === 0) return;
    const all = trying(asked.flatMap(({ experiments }) => experiments));
    let from = 0;
    for (const { experiments, settle } of asked) {
      const [first, until] = [from, (from += experiments.length)];
      settle(all.then((outcomes) => outcomes.slice(first, until)));
    }
    await all.catch(() => {});
  };
  return (experiments) =>
    new Promise((settle) => {
      waiting.push({ experiments, settle });
      // Callers that follow by promises only join this wave.
      last = last.then(() => nextTurn()).then(wave);
    });
};
