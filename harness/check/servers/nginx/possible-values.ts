// All values that a variable may have, according to the configuration alone.
import { reference } from "./expand.ts";
import { entriesOf } from "./maps.ts";
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";

export interface Sources {
  /** By lower-case name without `$`. */
  maps: Map<string, Directive>;
  /** geo, split_clients: any of their values. */
  lotteries: Map<string, Directive>;
}

export const sourcesOf = (http: Directive): Sources => {
  const sources: Sources = { maps: new Map(), lotteries: new Map() };
  for (const child of childrenOf(http)) {
    const name = child.args.at(-1)?.replace(/^\$/, "").toLowerCase();
    if (!child.block || name === undefined) continue;
    if (child.name === "map") sources.maps.set(name, child);
    if (child.name === "geo" || child.name === "split_clients") sources.lotteries.set(name, child);
  }
  return sources;
};

const mostValues = 64;
const mostTexts = 500;

/** Everything that a text may come to; null where one of its variables comes from the request. `sets` are those of its server. */
export const valuesOf = (text: string, sources: Sources, sets: ReadonlyMap<string, readonly Directive[]>, depth = 0): string[] | null => {
  if (depth > 5) return null;
  if (/^[^$]*$/.test(text)) return [text];
  let results = [""];
  let done = 0;
  for (const match of text.matchAll(reference)) {
    const name = (match[1] ?? match[2] ?? "").toLowerCase();
    const values = variableValues(name, sources, sets, depth);
    if (!values) return null;
    const before = text.slice(done, match.index);
    done = match.index + match[0].length;
    results = results.flatMap((result) => values.map((value) => result + before + value));
    if (results.length > mostValues) return null;
  }
  return results.map((result) => result + text.slice(done));
};

const variableValues = (
  name: string,
  sources: Sources,
  sets: ReadonlyMap<string, readonly Directive[]>,
  depth: number,
): string[] | null => {
  if (name === "request_uri" || name === "uri" || name === "document_uri") return ["/"];
  if (name === "args" || name === "is_args" || name === "query_string") return [""];
  const map = sources.maps.get(name) ?? sources.lotteries.get(name);
  const texts = [
    ...(sets.get(name) ?? []).map(({ args }) => args[1] ?? ""),
    ...(map
      ? entriesOf(map)
          .slice(0, mostTexts)
          .map((entry) => entry.args[0] ?? "")
      : []),
  ];
  if (texts.length === 0 || (map && entriesOf(map).length > mostTexts)) return null;
  const values = new Set<string>();
  for (const text of texts) {
    const found = valuesOf(text, sources, sets, depth + 1);
    if (!found) return null;
    for (const value of found) values.add(value);
    if (values.size > mostValues) return null;
  }
  return [...values];
};
