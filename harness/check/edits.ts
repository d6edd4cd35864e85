// Puts edits into a copy of the user's files, and keeps every other byte. Pure.
import { AuthorError } from "../errors.ts";
import type { ConfigFile, Edit } from "./configuration.ts";

/** The order of the edits does not matter; the same edit given two times counts once. Files without an edit are the same objects. */
export const applyEdits = (files: ConfigFile[], edits: readonly Edit[]): ConfigFile[] => {
  const stranger = edits.find(({ file }) => !files.some(({ path }) => path === file));
  if (stranger) throw new Error(`An edit is meant for ${stranger.file}, which is none of: ${files.map(({ path }) => path).join(", ")}.`);
  return files.map((file) => {
    const own = inOrder(edits.filter((edit) => edit.file === file.path));
    return own.length === 0 ? file : edited(file, own);
  });
};

/** Whether both can be made; insertions at one place stand in each other's way no more than two edits of different files. */
export const fitTogether = (edits: Edit[]): boolean => overlapIn(inOrder(edits)) === null;

/** By place, and at one place by text, so that any order of the same edits gives the same file. */
const inOrder = (edits: Edit[]): Edit[] => {
  const sorted = edits.toSorted((a, b) => compare(a.file, b.file) || a.start - b.start || a.end - b.end || compare(a.text, b.text));
  return sorted.filter((edit, at) => !same(edit, sorted[at - 1]));
};

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const same = (a: Edit, b: Edit | undefined): boolean => a.file === b?.file && a.start === b.start && a.end === b.end && a.text === b.text;

/** The first two that change the same text; an insertion at the edge of a replacement is none. */
const overlapIn = (sorted: Edit[]): [Edit, Edit] | null => {
  for (const [at, edit] of sorted.entries()) {
    const before = sorted.slice(0, at).find(({ file, end }) => file === edit.file && end > edit.start);
    if (before) return [before, edit];
  }
  return null;
};

const edited = (file: ConfigFile, edits: Edit[]): ConfigFile => {
  const { path, text, bytes } = file;
  if (text === null) throw new Error(`${path} is only passed on, there is no text in it to edit.`);
  const outside = edits.find(({ start, end }) => start < 0 || end < start || end > text.length);
  if (outside)
    throw new Error(`An edit of ${path} reaches from ${outside.start} to ${outside.end}, and the file has ${text.length} characters.`);
  const overlap = overlapIn(edits);
  if (overlap) {
    const [a, b] = overlap;
    throw new Error(`Two edits of ${path} overlap: ${a.start} to ${a.end} and ${b.start} to ${b.end}.`);
  }
  const encoded = Buffer.from(text);
  const mark = Buffer.from(bytes.subarray(0, bytes.length - encoded.length));
  const isText =
    Buffer.compare(Buffer.from(bytes).subarray(mark.length), encoded) === 0 && (mark.length === 0 || mark.equals(byteOrderMark));
  if (!isText)
    throw new AuthorError(`${path} is not UTF-8, so that it cannot be edited without changing other bytes of it: save it as UTF-8.`);
  let changed = "";
  let at = 0;
  for (const { start, end, text: instead } of edits) {
    changed += text.slice(at, start) + instead;
    at = end;
  }
  changed += text.slice(at);
  return { ...file, text: changed, bytes: Buffer.concat([mark, Buffer.from(changed)]) };
};

/** Some editors put it first, and decoders remove it. */
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
