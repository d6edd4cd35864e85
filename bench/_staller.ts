// A process of its own: a machine that stands still now and then. It stops all descendants of its parent but itself, for up to so many
// milliseconds, a few times in ten seconds; ends, and lets all go on, when its standard input closes.
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
// Ctrl-C reaches this process, too: what it stopped has to go on before it may end.
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => {});
