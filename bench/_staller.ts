// A process of its own: a machine that stands still now and then. It stops all descendants of its parent but itself, for up to so many
// milliseconds, a few times in ten seconds; ends, and lets all go on, when its standard input closes.
import { readdirSync, readFileSync } from "node:fs";
import { randomInt } from "node:crypto";

const mostMs = Number(process.argv[2]);
const everyMs = 3000;

const parentOf = (pid: number): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
};

const descendants = (root: number): number[] => {
  const parents = new Map(
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(Number(name))]),
  );
  const isBelow = (pid: number): boolean => {
    for (let at = parents.get(pid) ?? 0; at > 1; at = parents.get(at) ?? 0) if (at === root) return true;
    return false;
  };
  return [...parents.keys()].filter((pid) => pid !== process.pid && isBelow(pid));
};

let stopped: number[] = [];
const signal = (name: "SIGSTOP" | "SIGCONT"): void => {
  for (const pid of stopped) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended.
    }
  }
};

const stall = (): void => {
  stopped = descendants(process.ppid);
  signal("SIGSTOP");
  setTimeout(
    () => {
      signal("SIGCONT");
      setTimeout(stall, randomInt(1, 2 * everyMs));
    },
    randomInt(mostMs / 4, mostMs),
  );
};

process.stdin.on("end", () => {
  signal("SIGCONT");
  process.exit();
});
process.stdin.resume();
setTimeout(stall, everyMs);
