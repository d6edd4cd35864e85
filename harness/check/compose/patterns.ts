// Patterns of paths: COPY's and the shell's globs, and .dockerignore. Pure, and without regular expressions that could take for ever.

export type Matches = (path: string) => boolean;

type Token = { kind: "star" } | { kind: "any" } | { kind: "one"; of: (character: string) => boolean };

/** `*` stays inside one part of a path, `**` as a part of its own does not. */
export const matcherOf = (glob: string): Matches => {
  const parts = glob.split("/").map((part) => (part === "**" ? null : tokensOf(part)));
  return (path) => matchesParts(parts, path.split("/"));
};

export const isGlob = (path: string): boolean => /[*?[]/.test(path);

const tokensOf = (part: string): Token[] =>
  [...part.matchAll(/\*+|\?|\[[!^]?[^\]]+\]|\\?([^])/g)].map(([text, literal]): Token => {
    if (text.startsWith("*")) return { kind: "star" };
    if (text === "?") return { kind: "any" };
    if (text.length > 1 && text.startsWith("[")) return { kind: "one", of: classOf(text.slice(1, -1)) };
    return { kind: "one", of: (character) => character === (literal ?? text) };
  });

const classOf = (inner: string): ((character: string) => boolean) => {
  const negated = /^[!^]/.test(inner);
  const ranges = [...(negated ? inner.slice(1) : inner).matchAll(/([^])-([^])|([^])/g)].map(([, from, to, one = ""]) =>
    from !== undefined && to !== undefined ? ([from, to] as const) : ([one, one] as const),
  );
  return (character) => ranges.some(([from, to]) => character >= from && character <= to) !== negated;
};

/** Goes back to the last star only: every earlier one has already taken as little as it may. */
const matchesPart = (tokens: readonly Token[], text: string): boolean => {
  let t = 0;
  let star = -1;
  let resume = 0;
  for (let i = 0; i < text.length;) {
    const token = tokens[t];
    if (token?.kind === "star") {
      star = t;
      resume = i;
      t += 1;
    } else if (token && (token.kind === "any" || token.of(text[i] ?? ""))) {
      t += 1;
      i += 1;
    } else if (star !== -1) {
      t = star + 1;
      resume += 1;
      i = resume;
    } else return false;
  }
  return tokens.slice(t).every(({ kind }) => kind === "star");
};

const matchesParts = (parts: readonly (Token[] | null)[], path: readonly string[]): boolean => {
  /** Which beginnings of `path` the parts so far can stand for. */
  let reached = new Set([0]);
  for (const part of parts) {
    const next = new Set<number>();
    if (part === null) for (let i = Math.min(...reached); i <= path.length; i += 1) next.add(i);
    else for (const i of reached) if (i < path.length && matchesPart(part, path[i] ?? "")) next.add(i + 1);
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(path.length);
};

/** The last rule that fits decides; a rule fits whatever is beneath a folder too. Paths are without `./` at their beginning. */
export const readIgnore = (text: string): Matches => {
  const rules = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .slice(0, 1000)
    .flatMap((line) => {
      const keeps = line.startsWith("!");
      const glob = (keeps ? line.slice(1).trim() : line).replace(/^(\.?\/)+/, "").replace(/\/+$/, "");
      return glob === "" ? [] : [{ keeps, matches: matcherOf(glob === "." ? "**" : glob) }];
    });
  return (path) => {
    const parts = path.split("/");
    const above = parts.map((_, i) => parts.slice(0, i + 1).join("/"));
    let ignored = false;
    for (const { keeps, matches } of rules) if (above.some(matches)) ignored = !keeps;
    return ignored;
  };
};
