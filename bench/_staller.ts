// A separate process that simulates a machine that stands still: it stops all other descendants of its parent for up to the given
// milliseconds, a few times in ten seconds. When its standard input closes, it resumes them and ends.
import { randomInt } from "node:crypto";
import { descendants } from "../harness/runtime/child.ts";

const mostMs = Number(process.argv[2]);
const everyMs = 3000;

let stopped: number[] = [];
const send = (name: "SIGSTOP" | "SIGCONT"): void => {
  for (const pid of stopped) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended.
    }
  }
};

const stall = async (): Promise<void> => {
  stopped = (await descendants(process.ppid)).filter((pid) => pid !== process.ppid && pid !== process.pid);
  send("SIGSTOP");
  setTimeout(
    () => {
      send("SIGCONT");
      setTimeout(() => void stall(), randomInt(1, 2 * everyMs));
    },
    randomInt(mostMs / 4, mostMs),
  );
};

process.stdin.on("end", () => {
  send("SIGCONT");
  process.exit();
});
process.stdin.resume();
setTimeout(() => void stall(), everyMs);
// Ctrl-C also reaches this process: it must resume what it stopped before it ends.
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => {});
