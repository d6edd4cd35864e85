// The corpus as it lies on the disk.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { readExpected } from "./_expected.ts";
import type { Expected } from "./_expected.ts";

export interface Sample {
  expected: Expected;
  /** The user's files by their path in the configuration's folder. */
  files: Map<string, string>;
}

const corpusFolder = import.meta.dirname;

const ours = new Set(["expected.yaml"]);

const isText = (path: string): boolean => !/\.(?:pem|crt|key|png|ico|gz)$/.test(path);

/** Those written here for the proof; what begins with `seed` is a deployment with files of other kinds. */
export const readCorpus = (): Sample[] =>
  readdirSync(corpusFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("seed"))
    .map(({ name }) => readSample(name))
    .toSorted((a, b) => (a.expected.name < b.expected.name ? -1 : 1));

const readSample = (name: string): Sample => {
  const folder = join(corpusFolder, name);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => !ours.has(path) && isText(path));
  return {
    expected: readExpected(name, readFileSync(join(folder, "expected.yaml"), "utf8")),
    files: new Map(files.toSorted().map((path) => [path, readFileSync(join(folder, path), "utf8")])),
  };
};

/** What the server is started with: the folder's nginx.conf, or the file that was given. */
export const mainOf = ({ expected }: Sample): string => (expected.given === "." ? "nginx.conf" : expected.given);

/** A template filled in as the official image does it: only the variables that are defined. Lines stay where they are. */
export const filledIn = ({ expected, files }: Sample): Map<string, string> =>
  new Map(
    Array.from(files, ([path, text]) => [
      path,
      path.endsWith(".template") ? text.replace(/\$\{(\w+)\}/g, (whole, name: string) => expected.env[name] ?? whole) : text,
    ]),
  );
