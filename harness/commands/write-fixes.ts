// `hopwise check --write`: the proven fixes, into the user's own files.
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Checked } from "../check/check.ts";
import { applyEdits } from "../check/edits.ts";
import { AuthorError } from "../errors.ts";
import type { Screen } from "./screen.ts";

/** Only the files that a proven fix changes, and only if they were not changed in the meantime. */
export const writeFixes = async ({ edits, left }: Checked, files: Parameters<typeof applyEdits>[0], { err }: Screen): Promise<void> => {
  if (edits.length === 0) {
    err.write("hopwise: there is no proven fix to write\n");
    return;
  }
  const changed: { path: string; text: string }[] = [];
  for (const [index, file] of applyEdits(files, edits).entries()) {
    const was = files[index]?.text ?? null;
    if (file.text === null || was === null || file.text === was) continue;
    if (file.path.includes("#") || file.isCopy)
      throw new AuthorError(`${file.path} is not a separate file, and is left unchanged; make the change there yourself`);
    const path = resolve(file.path);
    if ((await readFile(path, "utf8")) !== was)
      throw new AuthorError(`${file.path} was changed in the meantime, and is left unchanged; run npx hopwise check again`);
    changed.push({ path: file.path, text: file.text });
  }
  // All or none: a fix of several files is proven as a whole.
  for (const { path, text } of changed) {
    await writeFile(resolve(path), text);
    err.write(`hopwise: wrote ${path}\n`);
  }
  for (const title of left)
    err.write(`hopwise: did not write "${title}": it could not be proven together with the others; check again with --write\n`);
};
