// Which of Hopwise's builds stands in for a version that it does not have: one between which and the version nothing changed that streams
// depend on, as far as is documented. Pure.
import type { BinaryServer } from "../define.ts";

export interface Substitute {
  /** Of the definition's versions; null: the default. */
  name: string | null;
  /** What to know of it, as a clause; null: nothing. */
  note: string | null;
}

/** A release without its patch is its last one. */
const lastPatch = 9999;

const numberOf = (version: string): number => {
  const [major = 0, minor = 0, patch = lastPatch] = version.split(".").map(Number);
  return (major * 10_000 + minor) * 10_000 + patch;
};

/** Tags that follow the newest version. */
const isFloating = (image: string): boolean => /^(?:latest|alpine|mainline|stable|perl|otel|slim)(?:-[a-z]+)*$/.test(tagOf(image));

const tagOf = (image: string): string => /:([^/:@]+)(?:@.*)?$/.exec(image)?.[1] ?? "latest";

/** `version` as the image's name says it, e.g. `nginx/1.25.3`. */
export const substituteFor = (
  { versions = {}, changes = {}, title }: Pick<BinaryServer, "versions" | "changes" | "title">,
  version: string | null,
  image: string,
): Substitute => {
  const names = Object.keys(versions).toSorted((a, b) => numberOf(a) - numberOf(b));
  const asked = /(\d+\.\d+(?:\.\d+)?)/.exec(version ?? "")?.[1];
  if (asked === undefined) return { name: isFloating(image) ? (names.at(-1) ?? null) : null, note: null };
  const between = (one: string, other: string): string[] => {
    const [low, high] = [numberOf(one), numberOf(other)].toSorted((a, b) => a - b);
    return Object.keys(changes).filter((at) => numberOf(at) > low! && numberOf(at) <= high!);
  };
  const older = names.findLast((name) => numberOf(name) <= numberOf(asked));
  const newer = names.find((name) => numberOf(name) > numberOf(asked));
  const same = [older, newer].find((name) => name !== undefined && between(name, asked).length === 0);
  if (same !== undefined) return { name: same, note: null };
  const name = older ?? newer ?? null;
  const changed = name === null ? [] : between(name, asked).map((at) => `${changes[at]} (${at})`);
  return { name, note: changed.length > 0 ? `between the two versions ${title} changed ${changed.join(" and ")}` : null };
};
