// The last lines of what a program printed, bounded in number and length.
import { StringDecoder } from "node:string_decoder";

export interface Lines {
  add: (piece: Buffer) => void;
  last: (count: number) => string[];
}

const keptLines = 200;
const keptCharacters = 2000;

/** What ends with a letter in UTF-8 may end with a no-break space in Latin-1, which `trimEnd` would remove. */
const withoutEnd = (line: string): string => {
  let end = line.length;
  while (end > 0 && " \t\r".includes(line.charAt(end - 1))) end -= 1;
  return line.slice(0, end);
};

export const createLines = (onLine: (line: string) => void = () => {}, encoding: "utf8" | "latin1" = "utf8"): Lines => {
  const lines: string[] = [];
  const decoder = new StringDecoder(encoding);
  let open = "";

  const close = (line: string): void => {
    const text = withoutEnd(line);
    if (text === "") return;
    onLine(text);
    lines.push(text.slice(0, keptCharacters));
    if (lines.length > keptLines) lines.shift();
  };

  return {
    add: (piece) => {
      const [first = "", ...others] = decoder.write(piece).split("\n");
      open += first;
      for (const next of others) {
        close(open);
        open = next;
      }
      if (open.length > 64 * keptCharacters) {
        close(open);
        open = "";
      }
    },
    last: (count) => (open.trim() === "" ? lines : [...lines, open.slice(0, keptCharacters)]).slice(-count),
  };
};

/** Lines around an error message of Node: stack frames, fields, version; and the line with which a Node hop reports its port. */
const beside = /^\s+at |^\s*\^+$|^Node\.js v\d|^\s+\w+: ('.*'|-?\d+|undefined|true|false),?$|^}$|^\{"port":\d/;

/** The end of a message about a program: its last informative lines. */
export const lastWords = (lines: Pick<Lines, "last">, count = 5): string => {
  const said = lines.last(keptLines).filter((line) => !beside.test(line));
  return said.length > 0 ? ` Last lines: ${said.slice(-count).join(" | ")}` : " It printed nothing.";
};
