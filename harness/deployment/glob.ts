// Globs as the tools define them whose files are read: each takes time in proportion to pattern × path, whoever wrote the pattern. Pure.

export type Matches = (path: string) => boolean;

/**
 * - `posix`: glob(3), which nginx's `include` calls, and the shell. Wildcards stop at a slash and at a leading dot.
 * - `moby`: .dockerignore and COPY, which is Go's filepath.Match and `**`. A leading dot is nothing special, and `[!a]` no negation.
 */
export type Dialect = "posix" | "moby";

/** What one piece of a pattern stands for; `path` is any number of whole folders, none included. */
type Piece = { kind: "one"; of: (character: string) => boolean; wild: boolean } | { kind: "star" | "anything" | "path" };

export const isGlob = (path: string): boolean => /[*?[]/.test(path);

/** Of a whole path. */
export const matcherOf = (glob: string, dialect: Dialect): Matches => {
  const pieces = piecesOf(glob, dialect);
  return (path) => matches(pieces, Array.from(path), dialect === "posix");
};

/** Of what a pattern matches, and of all beneath that. */
export const beneathMatch =
  (isMatch: Matches): Matches =>
  (path) =>
    path.split("/").some((_, i, parts) => isMatch(parts.slice(0, i + 1).join("/")));

/** After how many characters of the path the pattern may stand, piece by piece, in ascending order. */
const matches = (pieces: readonly Piece[], path: readonly string[], hidesDots: boolean): boolean => {
  const isHidden = (i: number): boolean => hidesDots && path[i] === "." && (i === 0 || path[i - 1] === "/");
  let reached = [0];
  for (const piece of pieces) {
    const [first] = reached;
    if (first === undefined) return false;
    const next: number[] = [];
    if (piece.kind === "one") {
      for (const i of reached) if (piece.of(path[i] ?? "") && !(piece.wild && isHidden(i))) next.push(i + 1);
    } else {
      const were = new Set(reached);
      for (let i = first; i <= path.length; i += 1) {
        const goesOn =
          piece.kind === "anything" || (piece.kind === "path" ? path[i - 1] === "/" : next.at(-1) === i - 1 && path[i - 1] !== "/");
        if ((were.has(i) || (i > first && goesOn)) && !(piece.kind === "star" && isHidden(i))) next.push(i);
      }
    }
    reached = next;
  }
  return reached.at(-1) === path.length;
};

const syntax = {
  // A class may begin with its closing bracket by POSIX only.
  posix:
    /(?<star>\*+)|(?<any>\?)|\[(?<not>[!^]?)(?<inner>(?:\]|\[:\w+:\]|\\[^]|[^\]\\])(?:\[:\w+:\]|\\[^]|[^\]\\])*)\]|\\?(?<literal>[^])/gu,
  moby: /(?<deep>\*\*\/?)|(?<star>\*)|(?<any>\?)|\[(?<not>\^?)(?<inner>(?:\\[^]|[^\]\\])+)\]|\\?(?<literal>[^])/gu,
};

/** The end of a path is no character. */
const notSlash = (character: string): boolean => character !== "/" && character !== "";

const piecesOf = (glob: string, dialect: Dialect): Piece[] => {
  const isPosix = dialect === "posix";
  return [...glob.matchAll(syntax[dialect])].map(({ groups = {}, index }): Piece => {
    const { deep, star, any, not, inner, literal } = groups;
    if (deep !== undefined) return { kind: kindOfDeep(deep, index, glob.slice(index + deep.length)) };
    if (star !== undefined) return { kind: "star" };
    if (any !== undefined) return { kind: "one", of: notSlash, wild: true };
    if (inner === undefined) return { kind: "one", of: (character) => character === literal, wild: false };
    const isIn = classOf(inner);
    return {
      kind: "one",
      of: (character) => character !== "" && isIn(character) !== (not !== "") && !(isPosix && character === "/"),
      wild: true,
    };
  });
};

/** moby's rules: at the end it is anything, before plain text alone any beginning, else whole folders. */
const kindOfDeep = (text: string, index: number, after: string): "anything" | "path" =>
  after === "" || (index === 0 && text === "**" && !/[*?[\\]/.test(after)) ? "anything" : "path";

const named: Record<string, RegExp> = {
  alpha: /[A-Za-z]/,
  digit: /\d/,
  alnum: /[A-Za-z\d]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /[\t-\r ]/,
  blank: /[\t ]/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[\dA-Fa-f]/,
};

const classOf = (inner: string): ((character: string) => boolean) => {
  const members = [...inner.matchAll(/\[:(?<name>\w+):\]|\\?(?<from>[^])-\\?(?<to>[^])|\\?(?<one>[^])/gu)].map(({ groups = {} }) => groups);
  return (character) =>
    members.some(({ name, from, to, one }) =>
      name !== undefined
        ? named[name]?.test(character) === true
        : from !== undefined && to !== undefined
          ? character >= from && character <= to
          : character === one,
    );
};
