// The resident memory of processes, and its peak since it was last reset (VmRSS and VmHWM in proc(5)).
import { readFile, writeFile } from "node:fs/promises";

/** In kB, of all processes together; those that have ended do not count. */
export const peakOf = async (pids: readonly number[]): Promise<number> =>
  (await Promise.all(pids.map((pid) => field(pid, "VmHWM")))).reduce((sum, kB) => sum + kB, 0);

/** The peak begins anew with what is resident now. Needs the right to write to /proc, as root has it. */
export const resetPeak = async (pids: readonly number[]): Promise<void> => {
  await Promise.all(pids.map((pid) => writeFile(`/proc/${pid}/clear_refs`, "5")));
};

const field = async (pid: number, name: string): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0);
};
