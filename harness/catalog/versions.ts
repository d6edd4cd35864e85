// Which version of a server a chain asks for: `nginx@1.22` (that one, whatever its patch), or a range, `nginx@<1.29.7`, if the
// scenario holds for all of it. Pure.

/** The text between `@` and `:` in a chain, and what the container runtime installs for it. */
export interface AskedVersion {
  asked: string;
  release: string;
  packages: string[];
}

/** Versions of Node for Node servers. Default: the Node that Hopwise runs on. */
export const nodeVersions = ["node20", "node22"];

/** 20 of `node20`. */
export const majorOf = (name: string): number => Number(name.slice("node".length));

const hopPattern = /^(?<server>[^@:]*)(?:@(?<version>[^:]*))?(?::(?<variant>.*))?$/;

/** `nginx@1.22:gzip` in its parts. */
export const partsOf = (hop: string): { server: string; version: string | null; variant: string } => {
  const { server = hop, version, variant } = hop.match(hopPattern)?.groups ?? {};
  return { server, version: version ?? null, variant: variant ?? "default" };
};

const numbers = (version: string): number[] => version.split(".").map(Number);

/** As numbers, part by part: 1.9 comes before 1.10. */
export const compare = (a: string, b: string): number => {
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

const ranges = {
  "<": (order: number) => order < 0,
  ">=": (order: number) => order >= 0,
} as const;

type Range = keyof typeof ranges;

const rangeOf = (asked: string): Range | null => (Object.keys(ranges) as Range[]).find((range) => asked.startsWith(range)) ?? null;

const isRange = (asked: string): boolean => rangeOf(asked) !== null;

/** `1.22` matches 1.22.1, not 1.2 or 1.220; `<1.29.7` and `>=1.29.7` match ranges. */
export const satisfies = (version: string, asked: string): boolean => {
  const range = rangeOf(asked);
  if (range) return ranges[range](compare(version, asked.slice(range.length)));
  const wanted = numbers(asked);
  return wanted.every((number, at) => numbers(version)[at] === number);
};

interface Versioned {
  debian: { release: string; packages: string[] };
  versions?: Record<string, { release: string; packages?: string[] }>;
}

/** The version to run in containers: for a range, the server's default if it matches, else the newest match; null if there is none. */
export const chooseVersion = ({ debian, versions = {} }: Versioned, asked: string): AskedVersion | null => {
  const fitting = Object.entries(versions)
    .filter(([version]) => (isRange(asked) ? satisfies(version, asked) : version === asked))
    .toSorted(
      ([a, { release: of }], [b, { release: or }]) => Number(or === debian.release) - Number(of === debian.release) || compare(b, a),
    );
  const chosen = fitting[0]?.[1];
  return chosen ? { asked, release: chosen.release, packages: chosen.packages ?? debian.packages } : null;
};
