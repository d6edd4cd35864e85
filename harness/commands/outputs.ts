// What `--reporter` asks for: which report goes where.
import { access, constants, mkdir, open, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { nearestTo } from "../catalog.ts";
import { github } from "../report/github.ts";
import { json } from "../report/json.ts";
import { junit } from "../report/junit.ts";
import type { Look } from "../report/look.ts";
import { pretty } from "../report/pretty.ts";
import type { Report } from "../report/report.ts";
import { AuthorError } from "../runtime/runtime.ts";
import type { Screen } from "./screen.ts";

export interface Output<Name extends string = string> {
  reporter: Name;
  /** A file, or one of the two streams. */
  to: { file: string } | "stdout" | "stderr";
}

type Reporters<R> = Record<string, (report: R, look: Look) => string>;

interface Outputs<R> {
  /** `pretty`, `json`, `json=report.json`. Where JSON or XML takes the standard output, the others go to the standard error. */
  outputsOf: (wanted: readonly string[]) => Output[];
  publish: (outputs: readonly Output[], report: R, screen: Screen) => Promise<void>;
}

/** `whole`: what another program reads whole, with the ending of such a file: nothing else may be in the same place. */
export const outputsFor = <R>(reporters: Reporters<R>, whole: Record<string, string>): Outputs<R> => {
  const outputsOf = (wanted: readonly string[]): Output[] => {
    const outputs = wanted.map((one): Output => {
      const [name = "", ...path] = one.split("=");
      const file = path.join("=");
      if (!Object.hasOwn(reporters, name))
        throw new AuthorError(`--reporter ${one} is unknown; ${nearestTo(name, Object.keys(reporters))}`);
      if (one.includes("=") && file === "")
        throw new AuthorError(`--reporter ${one} lacks the file behind "=", e.g. ${name}=report.${whole[name] ?? "txt"}`);
      return { reporter: name, to: file === "" ? "stdout" : { file } };
    });
    const [taker, other] = outputs.filter(({ reporter, to }) => whole[reporter] !== undefined && to === "stdout");
    if (taker && other)
      throw new AuthorError(
        `--reporter ${taker.reporter} and --reporter ${other.reporter} cannot both go to the standard output; give one a file: ${other.reporter}=report.${whole[other.reporter]}`,
      );
    return outputs.map((output) => ({ ...output, to: taker && output !== taker && output.to === "stdout" ? "stderr" : output.to }));
  };
  const publish = async (outputs: readonly Output[], report: R, screen: Screen): Promise<void> => {
    for (const { reporter, to } of outputs) {
      const stream = to === "stdout" ? screen.out : screen.err;
      const print = reporters[reporter] as Reporters<R>[string];
      if (typeof to === "object")
        await writeFile(to.file, print(report, inFile)).catch((cause: NodeJS.ErrnoException) => {
          throw cannotWrite(to.file, cause);
        });
      else stream.write(print(report, stream));
    }
  };
  return { outputsOf, publish };
};

const inFile: Look = { width: 100, colour: false };

/** Of `hopwise run`. */
export const { outputsOf, publish } = outputsFor<Report>({ pretty, json, junit, github }, { json: "json", junit: "xml" });

/** Before anything is started: a report that cannot be written must not cost a run. */
export const prepareFolders = async (outputs: readonly Output[], ...more: string[]): Promise<void> => {
  for (const { to } of outputs)
    if (typeof to === "object" && (await stat(to.file).catch(() => null))?.isDirectory())
      throw new AuthorError(`The report cannot be written to "${to.file}", which is a folder`);
  const folders = [...outputs.flatMap(({ to }) => (typeof to === "object" ? [dirname(to.file)] : [])), ...more];
  for (const folder of folders)
    await makeFolder(resolve(folder)).catch((cause: NodeJS.ErrnoException) => {
      throw new AuthorError(
        `The folder "${folder}" cannot be made: ${cause.code === "EEXIST" ? "there is a file of that name" : cause.message}`,
        { cause },
      );
    });
  for (const folder of more)
    await access(folder, constants.W_OK).catch((cause: NodeJS.ErrnoException) => {
      throw new AuthorError(`Nothing can be written to the folder "${folder}": ${cause.message}`, { cause });
    });
  for (const { to } of outputs) if (typeof to === "object") await tryToWrite(to.file);
};

/** Node's own `recursive` never ends where a folder above can hold none, as in /proc (Node 24.21). */
const makeFolder = async (folder: string): Promise<void> => {
  if ((await stat(folder).catch(() => null))?.isDirectory()) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder).catch(async (error: unknown) => {
    // Another run may have been quicker.
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
