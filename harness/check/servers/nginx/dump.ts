// What `nginx -T` prints: every file of a configuration after a line that names it.
// https://nginx.org/en/docs/switches.html
import { dirname, join } from "node:path";
import { readInside } from "./disk.ts";
import { layoutOfFiles } from "./layout.ts";
import type { FoundFile, Given } from "./layout.ts";
import { fromLatin1, latin1Of, textOf } from "./text.ts";

const marker = /^# configuration file (\/\S[^\n]*):\r?$/gm;

export const isDump = (text: string): boolean => text.search(marker) >= 0;

interface Dumped {
  target: string;
  text: string;
}

/** What stands before the first marker are nginx's messages. A terminal ends lines with CRLF. */
const filesIn = (dump: string): Dumped[] => {
  const text = /[^\r]\n/.test(dump) ? dump : dump.replaceAll("\r\n", "\n");
  const found = [...text.matchAll(marker)];
  return found.map((match, index) => ({
    target: match[1] ?? "",
    // A blank line is put after each file.
    text: text.slice(match.index + match[0].length + 1, found[index + 1]?.index).replace(/\r?\n$/, ""),
  }));
};

/** The first file is the main one. A file that lies beside the dump, unchanged, is named by its path there. */
export const ofDump = async (source: string, shown: string, bytes: Uint8Array, inside: string): Promise<Given> => {
  const utf8 = textOf(bytes);
  const dumped = filesIn(utf8 ?? fromLatin1(bytes));
  const files = await Promise.all(
    dumped.map(async ({ target, text }): Promise<FoundFile> => {
      const own = utf8 === null ? latin1Of(text) : new TextEncoder().encode(text);
      const beside = await fileBeside(source, shown, target, own, inside);
      return beside ?? { path: target, target, bytes: own, template: false, isCopy: true };
    }),
  );
  return { layout: layoutOfFiles(files, shown), main: dumped[0]?.target ?? "", fragments: [] };
};

const fileBeside = async (source: string, shown: string, target: string, own: Uint8Array, inside: string): Promise<FoundFile | null> => {
  const parts = target.split("/").filter((part) => part !== "");
  for (let from = 0; from < parts.length; from += 1) {
    const way = join(...parts.slice(from));
    const path = join(dirname(shown), way);
    // One after the other, the longest way first.
    // oxlint-disable-next-line no-await-in-loop
    const bytes = await readInside(join(dirname(source), way), path, inside).catch(() => null);
    if (bytes && isSame(bytes, own)) return { path, target, bytes, template: false };
  }
  return null;
};

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  Buffer.from(one).toString().trimEnd() === Buffer.from(other).toString().trimEnd();
