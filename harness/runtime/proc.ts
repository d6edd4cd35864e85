// What Linux reports of a process (proc(5)): read without blocking, by the process that steers a run, never by the one that measures.
import { readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import type { SampleProblem } from "../model/samples.ts";

/** Could not be read; `problem` is typed, so that no one takes a missing figure for a zero. */
export class Unreadable extends Error {
  readonly problem: SampleProblem;

  constructor(problem: SampleProblem, cause?: unknown) {
    super(problem, { cause });
    this.problem = problem;
  }
}

const problems: Partial<Record<string, SampleProblem>> = { EACCES: "not-permitted", EPERM: "not-permitted", ESRCH: "processes-changed" };

/** A file that is missing belongs to a process that ended, or to none that this kernel shows. */
const reading = async <T>(pid: number, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (error instanceof Unreadable) throw error;
    throw new Unreadable(problems[code] ?? ((await isThere(pid)) ? "not-supported" : "processes-changed"), error);
  }
};

const isThere = (pid: number): Promise<boolean> =>
  readFile(`/proc/${pid}/stat`).then(
    () => true,
    () => false,
  );

/** Resident memory and its peak, in kB. */
export const residentIn = (status: string): { residentKb: number; peakKb: number } => {
  const [residentKb, peakKb] = ["VmRSS", "VmHWM"].map((name) => new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
  // A process that is ending has no memory any more; gVisor has no peak.
  if (residentKb === undefined) throw new Unreadable("processes-changed");
  if (peakKb === undefined) throw new Unreadable("not-supported");
  return { residentKb: Number(residentKb), peakKb: Number(peakKb) };
};

/** USER_HZ, which is 100 on every architecture that Node runs on. */
const tickMs = 10;

/** User and system time of all threads, in milliseconds. The name of the program, in parentheses, may have blanks and parentheses itself. */
export const processorMsIn = (line: string): number => {
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  if (Number.isNaN(ticks)) throw new Unreadable("not-supported");
  return ticks * tickMs;
};

export const residentOf = (pid: number) => reading(pid, async () => residentIn(await readFile(`/proc/${pid}/status`, "utf8")));

export const processorMsOf = (pid: number) => reading(pid, async () => processorMsIn(await readFile(`/proc/${pid}/stat`, "utf8")));

/** The peak begins anew with what is resident now. */
export const resetPeak = (pid: number) => reading(pid, () => writeFile(`/proc/${pid}/clear_refs`, "5"));

export const descriptorsOf = (pid: number): Promise<{ descriptors: number; sockets: number }> =>
  reading(pid, async () => {
    const names = await readdir(`/proc/${pid}/fd`);
    // One that was closed in the meantime is no socket anymore.
    const targets = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => "")));
    return { descriptors: names.length, sockets: targets.filter((target) => target.startsWith("socket:")).length };
  });

/** Files that were removed while they are open, e.g. nginx's temporary ones, unless it makes them for a cache: what `/proc/<pid>/fd` leads to is still there. */
export const temporaryKbOf = (pid: number): Promise<number> =>
  reading(pid, async () => {
    const names = await readdir(`/proc/${pid}/fd`);
    const sizes = await Promise.all(
      names.map(async (name) => {
        const path = `/proc/${pid}/fd/${name}`;
        const target = await readlink(path).catch(() => "");
        if (!/^\/(?!memfd:|dev\/).* \(deleted\)$/s.test(target)) return 0;
        return stat(path).then(
          (file) => (file.isFile() ? file.size : 0),
          () => 0,
        );
      }),
    );
    return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1024);
  });
