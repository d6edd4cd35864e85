// The Node that Hopwise needs; bin/hopwise.cjs reads the same JSON. Imports no code, since it is checked before anything else loads.
import words from "./node-version.json" with { type: "json" };

export const neededNode = words.needed;

/** Null if it is new enough. */
export const oldNode = (version: string): { says: string; fix: string } | null =>
  Number(version.split(".")[0]) >= neededNode ? null : { says: words.says.replace("{version}", version), fix: words.fix };
