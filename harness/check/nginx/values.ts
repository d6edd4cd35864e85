// What a configuration's variables are worth: for one request, or all that they may ever be.
import { patternOf } from "./patterns.ts";
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";

/** A plain GET by a client that sends nothing unusual. */
export interface Request {
  scheme: "http" | "https";
  host: string;
  port: number;
  /** As it was asked for, decoded. */
  uri: string;
}

/** Null: it cannot be told. */
export type Value = string | null;
type Resolve = (name: string) => Value;

const reference = /\$(?:\{(\w+)\}|(\w+))/g;

export const namesIn = (text: string): string[] => [...text.matchAll(reference)].map((match) => match[1] ?? match[2] ?? "");

export const expand = (text: string, resolve: Resolve): Value => {
  let unknown = false;
  const expanded = text.replaceAll(reference, (_, braced: string | undefined, bare: string | undefined) => {
    const value = resolve(braced ?? bare ?? "");
    unknown ||= value === null;
    return value ?? "";
  });
  return unknown ? null : expanded;
};

/** Of nginx's own variables, of which most do not matter here. `uri` may have been rewritten since. */
export const ownValue = (name: string, request: Request, uri: string): Value => {
  switch (name) {
    case "host":
      return request.host;
    case "http_host":
      return request.host + (request.port === (request.scheme === "https" ? 443 : 80) ? "" : `:${request.port}`);
    case "scheme":
      return request.scheme;
    case "https":
      return request.scheme === "https" ? "on" : "";
    case "server_port":
      return String(request.port);
    case "request_uri":
      return request.uri;
    case "uri":
    case "document_uri":
      return uri;
    case "request_method":
      return "GET";
    case "args":
    case "query_string":
    case "is_args":
    case "http_upgrade":
    case "http_referer":
    case "http_origin":
    case "content_length":
    case "content_type":
    case "remote_user":
      return "";
    default:
      return /^(?:arg_|cookie_|http_x_|http_sec_|http_access_control_|http_cf_)/.test(name) ? "" : null;
  }
};

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

const withoutEscape = (text: string): string => text.replace(/^\\/, "");

const entriesOf = (block: Directive): Directive[] =>
  childrenOf(block).filter(
    ({ name }) => !["hostnames", "volatile", "include", "ranges", "proxy", "proxy_recursive", "delete"].includes(name),
  );

/** The value of a map's line: exact ones first, then names with stars, then patterns in their order, then the default. */
export const mapValue = (map: Directive, resolve: Resolve): Value => {
  const source = expand(map.args[0] ?? "", resolve);
  if (source === null) return null;
  const entries = entriesOf(map);
  const asked = source.toLowerCase();
  const valueOf = (entry: Directive | undefined): Value => expand(entry?.args[0] ?? "", resolve);
  const isExact = ({ name }: Directive): boolean =>
    name !== "default" && !name.startsWith("~") && withoutEscape(name).toLowerCase() === asked;
  const exact = entries.find(isExact);
  if (exact) return valueOf(exact);
  if (childrenOf(map).some(({ name }) => name === "hostnames")) {
    const longest = entries.toSorted((one, other) => other.name.length - one.name.length);
    const wild =
      longest.find(({ name }) => /^\*?\./.test(name) && `.${asked}`.endsWith(name.replace(/^\*/, "").toLowerCase())) ??
      longest.find(({ name }) => name.endsWith(".*") && asked.startsWith(name.slice(0, -1).toLowerCase()));
    if (wild) return valueOf(wild);
  }
  for (const entry of entries) {
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
  return valueOf(entries.find(({ name }) => name === "default"));
};

const mostValues = 64;

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
    ...(map ? entriesOf(map).map((entry) => entry.args[0] ?? "") : []),
  ];
  if (texts.length === 0) return null;
  const values = new Set<string>();
  for (const text of texts) {
    const found = valuesOf(text, sources, sets, depth + 1);
    if (!found) return null;
    for (const value of found) values.add(value);
    if (values.size > mostValues) return null;
  }
  return [...values];
};
