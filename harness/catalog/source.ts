// Remembers where a scenario was read from, so that later errors can name its file and line.

export type Path = readonly (string | number)[];

/** The line, from 1, of the value at a path; null if lines are not known (TypeScript). */
export type LineOf = (path: Path) => number | null;

interface Source {
  file: string;
  lineOf: LineOf;
}

export const noLines: LineOf = () => null;

const sources = new WeakMap<object, Source>();

export const rememberSource = (scenario: object, source: Source): void => void sources.set(scenario, source);

/** For a scenario that the command line made: its author wrote an option, not a file. */
const options = new WeakMap<object, string>();

export const rememberOption = (scenario: object, option: string): void => void options.set(scenario, option);

/** The author of the value at a path: `Scenario "edge" (edge.yaml:3)`, or `--through`. */
export const askerOf = (scenario: object, id: string, path: Path): string => {
  const option = options.get(scenario);
  if (option !== undefined) return option;
  const source = sourceOf(scenario, path);
  return `Scenario "${id}"${source === null ? "" : ` (${source})`}`;
};

/** `edge.yaml:3`, or `edge.ts`. */
export const placeIn = ({ file, lineOf }: Source, path: Path): string => {
  const line = lineOf(path);
  return line === null ? file : `${file}:${line}`;
};

/** Null for data that came from no file. */
export const sourceOf = (scenario: object, path: Path): string | null => {
  const source = sources.get(scenario);
  return source ? placeIn(source, path) : null;
};
