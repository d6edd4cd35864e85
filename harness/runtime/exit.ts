// How a program ended.
export type Exit = { code: number } | { signal: string } | { outOfMemoryBytes: number } | { notStarted: string } | "unknown";

export const endedWell = (exit: Exit): boolean => exit !== "unknown" && "code" in exit && exit.code === 0;

/** For sentences: `exit code 1`, `SIGKILL`. */
export const wordsOfExit = (exit: Exit): string => {
  if (exit === "unknown") return "an unknown exit code";
  if ("code" in exit) return `exit code ${exit.code}`;
  if ("signal" in exit) return exit.signal;
  return "notStarted" in exit ? exit.notStarted : `its memory of ${exit.outOfMemoryBytes >> 20} MiB used up`;
};
