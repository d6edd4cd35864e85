// What `--reporter` asks for: which report goes where.
import { nearestTo } from "../catalog.ts";
import { json } from "../report/json.ts";
import type { Look } from "../report/look.ts";
import { pretty } from "../report/pretty.ts";
import type { Report } from "../report/report.ts";
import { AuthorError } from "../runtime/runtime.ts";

const reporters = { pretty, json } satisfies Record<string, (report: Report, look: Look) => string>;

export interface Output {
  reporter: keyof typeof reporters;
  /** A file, or one of the two streams. */
  to: { file: string } | "stdout" | "stderr";
}

const isReporter = (name: string): name is keyof typeof reporters => Object.hasOwn(reporters, name);

/** `pretty`, `json`, `json=report.json`. Where JSON takes the standard output, people read on the standard error. */
export const outputsOf = (wanted: readonly string[]): Output[] => {
  const outputs = wanted.map((one): Output => {
    const [name = "", ...path] = one.split("=");
    const file = path.join("=");
    if (!isReporter(name)) throw new AuthorError(`--reporter ${one} is unknown; ${nearestTo(name, Object.keys(reporters))}`);
    if (one.includes("=") && file === "")
      throw new AuthorError(`--reporter ${one} lacks the file behind "=", e.g. ${name}=report.${name === "json" ? "json" : "txt"}`);
    return { reporter: name, to: file === "" ? "stdout" : { file } };
  });
  const jsonOnStdout = outputs.some(({ reporter, to }) => reporter === "json" && to === "stdout");
  return outputs.map(({ reporter, to }) => ({ reporter, to: reporter === "pretty" && to === "stdout" && jsonOnStdout ? "stderr" : to }));
};

export const render = (reporter: Output["reporter"], report: Report, look: Look): string => reporters[reporter](report, look);
