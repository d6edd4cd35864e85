// `hopwise check --save-traces`: the folder of traces, one file per attempt at a trial.
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TrialTrace } from "../check/environment.ts";
import { EnvironmentError } from "../errors.ts";

export interface TraceFolder {
  save: (seen: TrialTrace) => void;
  /** Throws an EnvironmentError if one of them could not be written. */
  saved: () => Promise<void>;
}

/** A route's pattern may be long; file names are limited. */
const mostCharacters = 100;

/** The folder exists; its files are kept. */
export const openTraceFolder = async (folder: string): Promise<TraceFolder> => {
  let number = Math.max(0, ...(await readdir(folder)).map((name) => Number(/^\d+(?=-)/.exec(name)?.[0] ?? 0)));
  const saving: Promise<Error | null>[] = [];
  const write = async (name: string, text: string): Promise<void> => {
    const file = join(folder, `${String(++number).padStart(4, "0")}-${name}.json`);
    await writeFile(file, text, { flag: "wx" }).catch((error: NodeJS.ErrnoException) => {
      // Another check may write into the same folder.
      if (error.code === "EEXIST") return write(name, text);
      throw new EnvironmentError(`A trace cannot be written to "${file}": ${error.message}`, { cause: error });
    });
  };
  return {
    save: (seen) => {
      saving.push(
        write(fileNameOf(seen), JSON.stringify(seen.trace)).then(
          () => null,
          (error: Error) => error,
        ),
      );
    },
    saved: async () => {
      const failure = (await Promise.all(saving)).find((error) => error !== null);
      if (failure) throw failure;
    },
  };
};

/** A route's id has slashes and the characters of its pattern. */
const fileNameOf = ({ route, check, server, attempt, isRepetition }: TrialTrace): string =>
  [server, route, check, ...(isRepetition ? ["repetition"] : []), ...(attempt === 1 ? [] : [`attempt-${attempt}`])]
    .map((part) => part.replaceAll(/[^\w.]+/g, "-").replaceAll(/^-+|-+$/g, ""))
    .filter((part) => part !== "")
    .map((part) => part.slice(0, mostCharacters))
    .join("-");
