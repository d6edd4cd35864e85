// Paths that a location may serve, the most natural first. Whether it really does is found out by following them.
import type { Location } from "./locations.ts";

const mostCandidates = 100;

/** `outer` is the location around it, which has to take the path first. */
export const candidatesOf = ({ modifier, text, pattern }: Location, outer: Location | null = null): string[] => {
  if (modifier === "@") return [];
  if (modifier === "=") return [text].filter(isPath);
  if (modifier === "" || modifier === "^~") {
    const folder = text.endsWith("/") ? text : `${text}/`;
    return [text, `${folder}events`, `${folder}a/b`, `${text}x`, `${folder}a1-2.json`].filter(isPath);
  }
  const samples = pattern?.samples() ?? [];
  const around = outer ? candidatesOf(outer).slice(0, mostAround) : [];
  const tails = (outer?.pattern?.samples() ?? []).slice(0, mostAround);
  const paths = samples.flatMap((sample) => [
    ...around.flatMap((path) => [`${path}${sample}`, `${path}/${sample}`]),
    ...tails.map((tail) => `/${sample}${tail}`.replace("//", "/")),
    ...asPaths(sample),
  ]);
  const isEither = modifier === "~*" || outer?.modifier === "~*";
  const otherCase = isEither ? [...paths.slice(0, mostAround), ...samples].flatMap((path) => [path.toUpperCase(), path.toLowerCase()]) : [];
  return [...new Set([...paths.slice(0, mostCandidates), ...otherCase])].filter((path) => isPath(path) && pattern?.match(path) !== null);
};

const mostAround = 6;

/** A pattern that does not say how the path begins or ends leaves that to us. */
const asPaths = (sample: string): string[] =>
  sample.startsWith("/")
    ? [sample, `${sample}a`, `${sample}/`, `${sample}b/`, `${sample}/a`, `/a${sample}`]
    : [...(sample.startsWith(".") ? [`/a${sample}`] : []), `/${sample}`, `/a${sample}`, `/a/${sample}`, `/${sample}/a`, `/a${sample}a`];

/** As nginx sees it: decoded, without steps upwards and doubled slashes. */
const isPath = (uri: string): boolean =>
  uri.startsWith("/") && !uri.includes("//") && !/(?:^|\/)\.{1,2}(?:\/|$)/.test(uri) && !uri.includes("\0");

export const encodePath = (uri: string): string =>
  encodeURI(uri).replaceAll(/[?#]|%(?![0-9A-F]{2})/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** As the user gave it, with its query; what is encoded already stays. */
export const encodeGiven = (path: string): string => encodeURI(path.replace(/#.*$/s, "")).replaceAll(/%25(?=[0-9A-Fa-f]{2})/g, "%");

/** Null: it is no path that can be asked for. */
export const decodePath = (path: string): string | null => {
  try {
    const uri = decodeURIComponent(path.replace(/[?#].*$/s, "")).replaceAll(/\/+/g, "/");
    return isPath(uri) ? uri : null;
  } catch {
    return null;
  }
};
