// Who started something that must not outlive its run: written beside what a run leaves on the machine, so that a later run sweeps only the dead.
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

export interface Owner {
  pid: number;
  /** Clock ticks between boot and the process's start; empty where there is no /proc. */
  startedAt: string;
  /** Digests: only whether they are the same matters. */
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
  boot: digestOf(read("/proc/sys/kernel/random/boot_id")),
  space: digestOf(namespaceOf("self")),
  host: digestOf(hostname()),
});

const digestOf = (text: string): string => (text === "" ? "" : createHash("sha256").update(text).digest("hex").slice(0, 8));

export const fateOf = (owner: Owner, here: Owner = thisOwner()): Fate => {
  if (owner.host !== here.host) return "elsewhere";
  if (owner.boot !== here.boot) return "dead";
  if (owner.space !== here.space) return "elsewhere";
  if (!isRunning(owner.pid)) return "dead";
  return owner.startedAt === (startOf(owner.pid) ?? "") ? "alive" : "dead";
};

export const ownerToText = ({ pid, startedAt, boot, space, host }: Owner, separator = ":"): string =>
  [pid, startedAt, boot, space, host].join(separator);

export const ownerFromText = (text: string, separator = ":"): Owner | null => {
  const [pid = "", startedAt = "", boot = "", space = "", host = "", ...more] = text.split(separator);
  const isOwner = /^\d+$/.test(pid) && /^\d*$/.test(startedAt) && /^[\da-f]{8}$/.test(host) && more.length === 0;
  return isOwner ? { pid: Number(pid), startedAt, boot, space, host } : null;
};

/** Field 22 of /proc/<pid>/stat, counted after the command's name, which may contain anything; null if the process has ended. */
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
