// Paths that a location may serve, the most natural first. Whether it really does is found out by following them.
import type { Location } from "./locations.ts";

const mostCandidates = 150;

/** `outer` is the location around it, which has to take the path first. */
export function* candidatesOf(location: Location, outer: Location | null = null): Generator<string> {
  const seen = new Set<string>();
  for (const path of guesses(location, outer)) {
    if (seen.has(path) || !isPath(path) || location.pattern?.match(path) === null) continue;
    seen.add(path);
    yield path;
    if (seen.size === mostCandidates) return;
  }
}

function* guesses({ modifier, text, pattern }: Location, outer: Location | null): Generator<string> {
  if (modifier === "@") return;
  if (modifier === "=") {
    yield text;
    return;
  }
  if (modifier === "" || modifier === "^~") {
    const folder = text.endsWith("/") ? text : `${text}/`;
    yield* [text, `${folder}events`, `${folder}a/b`, `${text}x`, `${folder}a1-2.json`];
    return;
  }
  const around = outer ? [...candidatesOf(outer).take(mostAround)] : [];
  const tails = (outer?.pattern?.samples() ?? []).slice(0, mostAround);
  const samples = pattern?.samples() ?? [];
  for (const sample of samples) {
    yield* around.flatMap((path) => [`${path}${sample}`, `${path}/${sample}`]);
    yield* tails.map((tail) => `/${sample}${tail}`.replace("//", "/"));
    yield* asPaths(sample);
  }
  if (modifier !== "~*" && outer?.modifier !== "~*") return;
  for (const path of samples.flatMap((sample) => [...tails.map((tail) => `/${sample}${tail}`.replace("//", "/")), ...asPaths(sample)]))
    yield* [path.toUpperCase(), path.toLowerCase()];
}

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

/** Null: it is not a request path. */
export const decodePath = (path: string): string | null => {
  try {
    const uri = decodeURIComponent(path.replace(/[?#].*$/s, "")).replaceAll(/\/+/g, "/");
    return isPath(uri) ? uri : null;
  } catch {
    return null;
  }
};
