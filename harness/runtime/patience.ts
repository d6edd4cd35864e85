// How long a program may take to start: a machine with more work than cores takes that many times longer.
import { availableParallelism, loadavg } from "node:os";

const mostTimes = 6;

/** `calmMs` on an idle machine, up to six times as long on a busy one (load average of the last minute per core; proc_loadavg(5)). */
export const startPatience = (calmMs: number, load = loadavg()[0] ?? 0, cores = availableParallelism()): number =>
  calmMs * Math.min(mostTimes, Math.max(1, load / cores));
