// Where a scenario was read from, so that whatever is found out about it later can still point there.

export type Path = readonly (string | number)[];

/** The line, from 1, of what stands at a path; null where lines cannot be known (TypeScript). */
export type LineOf = (path: Path) => number | null;

interface Source {
  file: string;
  lineOf: LineOf;
}

export const noLines: LineOf = () => null;

const sources = new WeakMap<object, Source>();

export const rememberSource = (scenario: object, source: Source): void => void sources.set(scenario, source);

/** A scenario that the command line made: its author wrote an option, and no file. */
const options = new WeakMap<object, string>();

export const rememberOption = (scenario: object, option: string): void => void options.set(scenario, option);

/** Who asks for what stands at a path: `Scenario "edge" (edge.yaml:3)`, or `--through`. */
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

/** Null for what came from no file. */
export const sourceOf = (scenario: object, path: Path): string | null => {
  const source = sources.get(scenario);
  return source ? placeIn(source, path) : null;
};
