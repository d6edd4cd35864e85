// The lines of a `map`, and which of them a value comes to: https://nginx.org/en/docs/http/ngx_http_map_module.html
import { spend } from "./effort.ts";
import type { Effort } from "./effort.ts";
import { patternOf } from "./patterns.ts";
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";
import { expand } from "./expand.ts";
import type { Resolve, Value } from "./expand.ts";

const withoutEscape = (text: string): string => text.replace(/^\\/, "");

const notEntries = new Set(["hostnames", "volatile", "include", "ranges", "proxy", "proxy_recursive", "delete"]);
const entries = new WeakMap<Directive, Directive[]>();

export const entriesOf = (block: Directive): Directive[] => {
  const found = entries.get(block) ?? childrenOf(block).filter(({ name }) => !notEntries.has(name));
  entries.set(block, found);
  return found;
};

/** The value of a map's line: exact ones first, then names with stars, then patterns in their order, then the default. */
export const mapValue = (map: Directive, resolve: Resolve, effort: Effort): Value => {
  const source = expand(map.args[0] ?? "", resolve);
  if (source === null) return null;
  const lines = entriesOf(map);
  if (!spend(effort, lines.length)) return null;
  const asked = source.toLowerCase();
  const valueOf = (entry: Directive | undefined): Value => expand(entry?.args[0] ?? "", resolve);
  const isExact = ({ name }: Directive): boolean =>
    name !== "default" && !name.startsWith("~") && withoutEscape(name).toLowerCase() === asked;
  const exact = lines.find(isExact);
  if (exact) return valueOf(exact);
  if (childrenOf(map).some(({ name }) => name === "hostnames")) {
    const longest = lines.toSorted((one, other) => other.name.length - one.name.length);
    const wild =
      longest.find(({ name }) => /^\*?\./.test(name) && `.${asked}`.endsWith(name.replace(/^\*/, "").toLowerCase())) ??
      longest.find(({ name }) => name.endsWith(".*") && asked.startsWith(name.slice(0, -1).toLowerCase()));
    if (wild) return valueOf(wild);
  }
  for (const entry of lines) {
    const match = /^~(\*?)([^]*)$/.exec(entry.name);
    if (!match) continue;
    const found = patternOf(match[2] ?? "", match[1] === "*")?.match(source);
    if (found === undefined) return null;
    if (found)
      return expand(
        entry.args[0] ?? "",
        (name) => found.named[name] ?? (/^\d$/.test(name) ? (found.groups[Number(name)] ?? "") : resolve(name)),
      );
  }
  return valueOf(lines.find(({ name }) => name === "default"));
};
