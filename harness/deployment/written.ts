// What an entry point wrote, as files of the user's: each has the name of the file that it was made of where every line of it still stands
// at its place, so that findings name lines that exist. Pure.
import { textOf } from "./text-file.ts";
import type { Place } from "../check/configuration.ts";
import type { ComposeFile } from "./subject.ts";

interface Written {
  name: string;
  body: Buffer;
}

const reference = /\$(?:\{[A-Za-z_]\w*\}|[A-Za-z_]\w*)/;

/** Whether a line of a template became this one by filling in variables. */
const isMadeOf = (line: string, template: string): boolean => {
  if (line === template) return true;
  let at = 0;
  const parts = template.split(reference);
  if (parts.length === 1) return false;
  for (const [index, part] of parts.entries()) {
    const found =
      index === 0 ? (line.startsWith(part) ? 0 : -1) : index === parts.length - 1 ? line.length - part.length : line.indexOf(part, at);
    if (found < at || line.slice(found, found + part.length) !== part) return false;
    at = found + part.length;
  }
  return at === line.length || (parts.at(-1) === "" && at <= line.length);
};

const linesOf = (text: string): string[] => text.split("\n");

const isFilledIn = (text: string, template: string): boolean => {
  const [own, theirs] = [linesOf(text), linesOf(template)];
  return own.length === theirs.length && own.every((line, index) => isMadeOf(line, theirs[index] ?? ""));
};

/** `given`: the compose file; `place`: what starts the server. */
export const writtenFiles = (written: readonly Written[], sources: readonly ComposeFile[], given: string, place: Place): ComposeFile[] =>
  written.map(({ name, body }): ComposeFile => {
    const text = textOf(body);
    const same = sources.find(({ target, bytes }) => target === name && Buffer.compare(Buffer.from(bytes), body) === 0);
    if (same) return same;
    const source = text === null ? undefined : sources.find((one) => one.text !== null && isFilledIn(text, one.text));
    return {
      path: source?.path ?? `${given}#${name}`,
      target: name,
      text,
      bytes: body,
      place: source?.place ?? place,
      inline: null,
      isCopy: true,
    };
  });
