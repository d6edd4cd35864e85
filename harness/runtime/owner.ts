// Who started something that must not outlive its run: written beside what a run leaves on the machine, so that a later run sweeps only the dead.
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

export interface Owner {
  pid: number;
  /** Clock ticks between boot and the process's start; empty where there is no /proc. */
  startedAt: string;
  boot: string;
  /** A process id means something only in its own namespace. */
  space: string;
  host: string;
}

/** `elsewhere`: on another machine or in another container, where a process id here says nothing. */
export type Fate = "alive" | "dead" | "elsewhere";

export const thisOwner = (): Owner => ({
  pid: process.pid,
  startedAt: startOf(process.pid) ?? "",
  boot: read("/proc/sys/kernel/random/boot_id"),
  space: namespaceOf("self"),
  host: hostname(),
});

export const fateOf = (owner: Owner, here: Owner = thisOwner()): Fate => {
  if (owner.host !== here.host) return "elsewhere";
  if (owner.boot !== here.boot) return "dead";
  if (owner.space !== here.space) return "elsewhere";
  if (!isRunning(owner.pid)) return "dead";
  return owner.startedAt === (startOf(owner.pid) ?? "") ? "alive" : "dead";
};

export const ownerToText = ({ pid, startedAt, boot, space, host }: Owner): string => [pid, startedAt, boot, space, host].join(":");

export const ownerFromText = (text: string): Owner | null => {
  const [pid, startedAt = "", boot = "", space = "", ...host] = text.split(":");
  return host.length > 0 && /^\d+$/.test(pid ?? "") ? { pid: Number(pid), startedAt, boot, space, host: host.join(":") } : null;
};

/** Field 22 of /proc/<pid>/stat, counted behind the command's name, which may hold anything; null for the dead, buried or not. */
export const startOf = (pid: number): string | null => {
  const stat = read(`/proc/${pid}/stat`);
  const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === "Z" || state === "X" ? null : (fields[18] ?? null);
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

const namespaceOf = (process: string): string => {
  try {
    return readlinkSync(`/proc/${process}/ns/pid`).replace(/\D/g, "");
  } catch {
    return "";
  }
};

const read = (file: string): string => {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "";
  }
};
