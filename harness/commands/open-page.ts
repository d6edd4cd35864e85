// `--open`: the report as a page in the reader's browser.
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openFile } from "../runtime/open-file.ts";
import type { Output } from "./outputs.ts";
import type { Screen } from "./screen.ts";

export interface OpenFlag {
  open?: boolean;
}

const pageOf = (outputs: readonly Output[]): string | null => {
  for (const { reporter, to } of outputs) if (reporter === "html" && typeof to === "object") return to.file;
  return null;
};

/** With `--open` there is always a page: without html=<file> in the temporary folder, where the browser still finds it later. */
export const withPage = async (outputs: Output[], { open = false }: OpenFlag): Promise<Output[]> =>
  open && pageOf(outputs) === null
    ? [...outputs, { reporter: "html", to: { file: join(await mkdtemp(join(tmpdir(), "hopwise-report-")), "report.html") } }]
    : outputs;

export const openPage = async (outputs: readonly Output[], { open = false }: OpenFlag, { err }: Screen): Promise<void> => {
  const page = pageOf(outputs);
  if (!open || page === null) return;
  const file = resolve(page);
  const opened = await openFile(file);
  err.write(opened ? `hopwise: opened ${file}\n` : `hopwise: there is no program here that opens ${file}\n`);
};
