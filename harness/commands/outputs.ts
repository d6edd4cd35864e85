// `--reporter`: which report goes where.
import { access, constants, mkdir, open, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Look } from "../report/look.ts";
import type { Report } from "../report/report.ts";
import { reporterNamed, runReporters } from "./formats.ts";
import type { Reporters } from "./formats.ts";
import { AuthorError } from "../errors.ts";
import type { Screen } from "./screen.ts";

export interface Output<Name extends string = string> {
  reporter: Name;
  /** A file or a stream. */
  to: { file: string } | "stdout" | "stderr";
}

interface Outputs<R> {
  /** `pretty`, `json`, `json=report.json`. If JSON or XML goes to standard output, the others go to standard error. */
  outputsOf: (wanted: readonly string[]) => Output[];
  publish: (outputs: readonly Output[], report: R, screen: Screen) => Promise<void>;
}

export const outputsFor = <R>(reporters: Reporters<R>): Outputs<R> => {
  const endingOf = (name: string): string | null => reporters.get(name)?.ending ?? null;
  const outputsOf = (wanted: readonly string[]): Output[] => {
    const outputs = wanted.map((one): Output => {
      const [name = "", ...path] = one.split("=");
      const file = path.join("=");
      const { ending } = reporterNamed(reporters, name, one);
      if (one.includes("=") && file === "")
        throw new AuthorError(`--reporter ${one} has no file name after "="; use e.g. ${name}=report.${ending ?? "txt"}`);
      return { reporter: name, to: file === "" ? "stdout" : { file } };
    });
    const [taker, other] = outputs.filter(({ reporter, to }) => endingOf(reporter) !== null && to === "stdout");
    if (taker && other)
      throw new AuthorError(
        `--reporter ${taker.reporter} and --reporter ${other.reporter} cannot both write to standard output; write one to a file: ${other.reporter}=report.${endingOf(other.reporter)}`,
      );
    return outputs.map((output) => ({ ...output, to: taker && output !== taker && output.to === "stdout" ? "stderr" : output.to }));
  };
  const publish = async (outputs: readonly Output[], report: R, screen: Screen): Promise<void> => {
    for (const { reporter, to } of outputs) {
      const stream = to === "stdout" ? screen.out : screen.err;
      const { render } = reporterNamed(reporters, reporter);
      if (typeof to === "object")
        await writeFile(to.file, render(report, inFile)).catch((cause: NodeJS.ErrnoException) => {
          throw cannotWrite(to.file, cause);
        });
      else stream.write(render(report, stream));
    }
  };
  return { outputsOf, publish };
};

const inFile: Look = { width: 100, color: false };

/** For `hopwise run`. */
export const { outputsOf, publish } = outputsFor<Report>(runReporters);

/** Called before anything starts: a run must not be lost because its report cannot be written. */
export const prepareFolders = async (outputs: readonly Output[], ...more: string[]): Promise<void> => {
  for (const { to } of outputs)
    if (typeof to === "object" && (await stat(to.file).catch(() => null))?.isDirectory())
      throw new AuthorError(`The report cannot be written to "${to.file}": it is a folder`);
  const folders = [...outputs.flatMap(({ to }) => (typeof to === "object" ? [dirname(to.file)] : [])), ...more];
  for (const folder of folders)
    await makeFolder(resolve(folder)).catch((cause: NodeJS.ErrnoException) => {
      throw new AuthorError(
        `The folder "${folder}" cannot be created: ${cause.code === "EEXIST" ? "a file has that name" : cause.message}`,
        { cause },
      );
    });
  for (const folder of more)
    await access(folder, constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
      throw new AuthorError(`The folder "${folder}" is not writable: ${cause.message}`, { cause });
    });
  for (const { to } of outputs) if (typeof to === "object") await tryToWrite(to.file);
};

/** Node's `recursive` never returns if a parent cannot contain folders, as in /proc (Node 24.21). */
const makeFolder = async (folder: string): Promise<void> => {
  if ((await stat(folder).catch(() => null))?.isDirectory()) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder).catch(async (error: unknown) => {
    // Another run may have created it.
    if (!(await stat(folder).catch(() => null))?.isDirectory()) throw error;
  });
};

const tryToWrite = async (file: string): Promise<void> => {
  const isNew = (await stat(file).catch(() => null)) === null;
  try {
    await (await open(file, "a")).close();
    if (isNew) await rm(file);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
};

const cannotWrite = (file: string, cause: unknown): AuthorError =>
  new AuthorError(`The report cannot be written to "${file}": ${(cause as Error).message}`, { cause });
