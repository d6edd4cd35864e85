// Processor time of processes, from proc(5).
import { readFile } from "node:fs/promises";

/** USER_HZ, which is 100 wherever Node runs on Linux. */
const ticksPerSecond = 100;

export interface CpuSeconds {
  own: number;
  /** Of ended and awaited children, and of theirs. */
  children: number;
}

export const cpuSecondsOf = async (pid: number | "self"): Promise<CpuSeconds> => {
  const text = await readFile(`/proc/${pid}/stat`, "latin1");
  // The name, in parentheses, may have spaces; user time is field 14.
  const fields = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15);
  return { own: (user + system) / ticksPerSecond, children: (childrenUser + childrenSystem) / ticksPerSecond };
};

/** How long a process waited for a processor: schedstat(5). */
export const waitedForProcessorMs = async (pid: number): Promise<number> =>
  Number((await readFile(`/proc/${pid}/schedstat`, "latin1").catch(() => "")).split(" ")[1] ?? 0) / 1e6;

interface Look {
  /** Seconds of all processors since the machine started, and idle seconds. */
  all: number;
  idle: number;
  /** Of this process and its awaited children. */
  own: number;
}

const look = async (): Promise<Look> => {
  const [line = ""] = (await readFile("/proc/stat", "latin1")).split("\n");
  const seconds = line
    .split(/\s+/)
    .slice(1, 9)
    .map((ticks) => Number(ticks) / ticksPerSecond);
  const { own, children } = await cpuSecondsOf("self");
  return { all: seconds.reduce((sum, one) => sum + one, 0), idle: (seconds[3] ?? 0) + (seconds[4] ?? 0), own: own + children };
};

/** The share of processor time that other processes used meanwhile; null without /proc. */
export const busyShareDuring = async <T>(doing: () => Promise<T>): Promise<{ result: T; busyShare: number | null }> => {
  const before = await look().catch(() => null);
  const result = await doing();
  const after = await look().catch(() => null);
  if (before === null || after === null) return { result, busyShare: null };
  const all = after.all - before.all;
  return { result, busyShare: Math.max(0, (all - (after.idle - before.idle) - (after.own - before.own)) / all) };
};
