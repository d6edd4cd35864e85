// What applications in Python have in common: how they ask the lab for records, and how they print the versions of their packages.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const labModule = (): Record<string, string> => ({
  "lab.py": readFileSync(join(import.meta.dirname, "_python", "lab.py"), "utf8"),
});

export type Command = [program: string, ...args: string[]];

/** `server` and `framework` are the names of packages, `Django` for people. */
export const versionsOf = (server: string, framework: string): { command: Command; pattern: RegExp } => {
  const versions = `print("${server}/" + version("${server}") + " ${framework}/" + version("${framework}"))`;
  return { command: ["python3", "-c", `from importlib.metadata import version; ${versions}`], pattern: /([\w-]+\/[\d.]+ [\w-]+\/[\d.]+)/ };
};
