// Keeps a machine busy, or stops it, during a measurement.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";

export interface Disturbing {
  /** Additionally: high-priority work of up to this many milliseconds every two seconds. */
  bursts?: string;
  /** Instead of keeping every core busy: the machine stands still for up to this many milliseconds a few times in ten seconds. */
  stalls?: string;
}

// Each burner ends by itself when the pipe from this process closes.
const burn =
  'process.stdin.on("end", () => process.exit()).resume(); (function turn() { for (const end = performance.now() + 20; performance.now() < end; ); setImmediate(turn); })();';
const burst = (mostMs: number): string =>
  `process.stdin.on("end", () => process.exit()).resume(); (function turn() { setTimeout(() => { for (const end = performance.now() + 50 + ${mostMs} * Math.random(); performance.now() < end; ); turn(); }, -2000 * Math.log(1 - Math.random())); })();`;
const beside = (command: string, ...args: string[]) => spawn(command, args, { stdio: ["pipe", "ignore", "inherit"] });
const disturbed = (...args: string[]) => beside(process.execPath, ...args);
const onEachCore = <T>(start: (core: number) => T): T[] => Array.from({ length: availableParallelism() }, (_, core) => start(core));

export const disturb = ({ bursts, stalls }: Disturbing): { end: () => void } => {
  const disturbances =
    stalls === undefined ? onEachCore(() => disturbed("-e", burn)) : [disturbed(join(import.meta.dirname, "_staller.ts"), stalls)];
  if (bursts !== undefined) {
    const script = burst(Number(bursts));
    disturbances.push(...onEachCore((core) => beside("taskset", "-c", String(core), "chrt", "-f", "10", process.execPath, "-e", script)));
  }
  return {
    end: () => {
      for (const { stdin } of disturbances) stdin.end();
    },
  };
};
