// A Dockerfile as its instructions, each with its place: lines that go on, comments, here-documents. Pure.
import { nearestTo } from "../catalog/shelf.ts";
import { AuthorError } from "../errors.ts";
import type { Place } from "../check/configuration.ts";
import { at } from "./scope.ts";

export interface HereDocument {
  /** Its name: the file that a COPY makes of it. */
  name: string;
  text: string;
  /** Whether variables in it are filled in: its name is not quoted. */
  expands: boolean;
  place: Place;
}

export interface Instruction {
  /** In capitals. */
  name: string;
  /** `--from=build` as `from` → `build`. */
  flags: Map<string, string>;
  /** Everything after the flags, on one line. */
  rest: string;
  hereDocuments: HereDocument[];
  place: Place;
}

const known =
  "FROM ARG ENV WORKDIR COPY ADD RUN CMD ENTRYPOINT EXPOSE USER LABEL VOLUME SHELL STOPSIGNAL HEALTHCHECK ONBUILD MAINTAINER".split(" ");

interface Line {
  text: string;
  start: number;
  number: number;
}

/** No real Dockerfile has more, and each instruction may read files. */
const mostInstructions = 2000;

export const parseDockerfile = (text: string, file: string): Instruction[] => {
  const lines = linesOf(text);
  const escape = /^#\s*escape\s*=\s*(`)/i.test(lines[0]?.text ?? "") ? "`" : "\\";
  const instructions: Instruction[] = [];
  for (let i = 0; i < lines.length;) {
    const first = lines[i] as Line;
    i += 1;
    if (isBlank(first.text)) continue;
    let last = first;
    const pieces = [first.text.trimEnd()];
    while (pieces.at(-1)?.endsWith(escape) === true) {
      pieces.push((pieces.pop() ?? "").slice(0, -1));
      while (i < lines.length && isBlank(lines[i]?.text ?? "")) i += 1;
      if (i >= lines.length) break;
      last = lines[i] as Line;
      i += 1;
      pieces.push(last.text.trimEnd());
    }
    const instruction = instructionOf(pieces.join(""), placeOf(first, last, file));
    i = takeHereDocuments(instruction, lines, i, file);
    instructions.push(instruction);
    if (instructions.length > mostInstructions) throw new AuthorError(`${file} has more than ${mostInstructions} instructions`);
  }
  return instructions;
};

/** Comments and empty lines stand anywhere, between the lines of one instruction too. */
const isBlank = (line: string): boolean => /^\s*(#|$)/.test(line);

const linesOf = (text: string): Line[] => {
  let start = 0;
  return text.split("\n").map((line, i) => {
    const one = { text: line.replace(/\r$/, "").replace(/^\uFEFF/, ""), start, number: i + 1 };
    start += line.length + 1;
    return one;
  });
};

const placeOf = (first: Line, last: Line, file: string): Place => ({
  file,
  line: first.number,
  column: first.text.length - first.text.trimStart().length + 1,
  start: first.start + first.text.length - first.text.trimStart().length,
  end: last.start + last.text.length,
});

const instructionOf = (line: string, place: Place): Instruction => {
  const [, word = "", after = ""] = /^\s*(\S+)\s*([^]*)$/.exec(line) ?? [];
  const name = word.toUpperCase();
  if (!known.includes(name))
    throw new AuthorError(
      `${at(place)}: "${word.slice(0, 50)}" is not an instruction of a Dockerfile; ${nearestTo(name.slice(0, 50), known)}`,
    );
  const flags = new Map<string, string>();
  let rest = after.trim();
  for (;;) {
    const flag = /^--([\w-]+)(?:=(\S*))?\s*/.exec(rest);
    if (!flag) return { name, flags, rest, hereDocuments: [], place };
    flags.set(flag[1] ?? "", flag[2] ?? "");
    rest = rest.slice(flag[0].length);
  }
};

const hereName = /(?<=^|\s|\d)<<(-?)(["']?)([A-Za-z_][\w.-]*)\2/g;

/** Answers the line after them. */
const takeHereDocuments = (instruction: Instruction, lines: readonly Line[], from: number, file: string): number => {
  if (!["COPY", "ADD", "RUN"].includes(instruction.name)) return from;
  let next = from;
  for (const [, dash, quote, name = ""] of instruction.rest.matchAll(hereName)) {
    const first = lines[next];
    const body: string[] = [];
    for (;;) {
      const line = lines[next];
      if (!line) throw new AuthorError(`${at(instruction.place)}: <<${name} is never closed by a line with ${name}`);
      next += 1;
      const text = dash === "-" ? line.text.replace(/^\t+/, "") : line.text;
      if (text === name) break;
      body.push(text);
    }
    instruction.hereDocuments.push({
      name,
      text: body.map((line) => `${line}\n`).join(""),
      expands: quote === "",
      place: first ? placeOf(first, first, file) : instruction.place,
    });
  }
  return next;
};
