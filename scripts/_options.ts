// The options of a program of this repository. Its usage is the comment at its beginning, so that there is one text to keep true.
import { readFileSync } from "node:fs";
// oxlint-disable-next-line no-restricted-imports -- the place that the others are sent to
import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";

const usageOf = (program: string): string => {
  const [comment = ""] = /^(?:\/\/.*\n)+/.exec(readFileSync(program, "utf8")) ?? [];
  return comment.replaceAll(/^\/\/ ?/gm, "").trimEnd();
};

/** `parseArgs`, and `--help`, which prints `usage` and ends the program with 0; an option or argument that it does not have ends it with 2. To be
 *  called before anything is measured or written. */
export const optionsOf = <Config extends Omit<ParseArgsConfig, "args">>(
  config: Config,
  usage: string = usageOf(process.argv[1] ?? ""),
): ReturnType<typeof parseArgs<Config>> => {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) {
    console.log(usage);
    process.exit(0);
  }
  try {
    return parseArgs<Config>({ ...config, args });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
};
