// What a request may carry so that a configuration lets it through: header fields, cookies, arguments. Keyed as nginx's variables are.
import { reference } from "./expand.ts";
import { nearestOf } from "./levels.ts";
import { patternOf } from "./patterns.ts";
import { entriesOf } from "./maps.ts";
import type { Sources } from "./possible-values.ts";
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";

/** `http_x_api_key`, `cookie_session`, `arg_token`: their values. */
export type Fields = ReadonlyMap<string, string>;

export const noFields: Fields = new Map();

/** Those that the lab's client sets itself, or that are of one connection (RFC 9110 §7.6.1). */
const notOurs =
  /^http_(?:host|connection|upgrade|keep_alive|te|trailer|transfer_encoding|content_\w+|accept|accept_encoding|range|via|x_accel_\w+|hopwise_\w+|sec_websocket_\w+)$/;

const isField = (name: string): boolean => /^(?:http|cookie|arg)_\w+$/.test(name) && !notOurs.test(name);

export const fieldsOfQuery = (query: string): Fields =>
  new Map(
    query === ""
      ? []
      : [
          ["args", query],
          ...query
            .split("&")
            .map((pair): [string, string] => [`arg_${pair.split("=", 1)[0]?.toLowerCase()}`, pair.slice(pair.indexOf("=") + 1)]),
        ],
  );

/** Of the user's own header fields. */
export const fieldsOfHeaders = (headers: readonly (readonly [name: string, value: string])[]): Fields =>
  new Map(
    headers.flatMap(([name, value]): [string, string][] => [
      [`http_${name.toLowerCase().replaceAll("-", "_")}`, value],
      ...(name.toLowerCase() === "cookie"
        ? value.split(/;\s*/).map((pair): [string, string] => [`cookie_${pair.split("=", 1)[0]}`, pair.slice(pair.indexOf("=") + 1)])
        : []),
    ]),
  );

export const headersOf = (fields: Fields): [name: string, value: string][] => {
  const cookies = [...fields]
    .filter(([name]) => name.startsWith("cookie_"))
    .map(([name, value]) => `${name.slice("cookie_".length)}=${value}`);
  return [
    ...[...fields].flatMap(([name, value]): [string, string][] =>
      name.startsWith("http_") && name !== "http_cookie" ? [[headerName(name), value]] : [],
    ),
    ...(cookies.length > 0 ? [["Cookie", cookies.join("; ")] satisfies [string, string]] : []),
  ];
};

const headerName = (name: string): string =>
  name
    .slice("http_".length)
    .split("_")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("-");

export const queryOf = (fields: Fields): string =>
  [...fields]
    .filter(([name]) => name.startsWith("arg_"))
    .map(([name, value]) => `${name.slice("arg_".length)}=${encodeURIComponent(value)}`)
    .join("&");

/** As it is sent: what was given, and the arguments besides. */
export const wholeQueryOf = (fields: Fields): string => {
  const given = fields.get("args") ?? "";
  const own = fieldsOfQuery(given);
  return [given, queryOf(new Map([...fields].filter(([name]) => !own.has(name))))].filter((part) => part !== "").join("&");
};

const mostGuesses = 30;

/** One assignment that may matter. */
export type Guess = [name: string, value: string];

/** What conditions and maps compare such variables with: of one condition, with the maps and `set`s that its variables are made of. */
export const guessesFor = (
  guard: Directive,
  server: Directive,
  sources: Sources,
  sets: ReadonlyMap<string, readonly Directive[]>,
): Guess[] => {
  const guesses: Guess[] = [];
  const add = (variable: string | undefined, values: readonly string[]): void => {
    const name = variable?.replace(/^\$\{?|\}$/g, "").toLowerCase() ?? "";
    if (isField(name))
      guesses.push(...values.filter((value) => value !== "" && !/[$\r\n]/.test(value)).map((value): Guess => [name, value]));
  };
  const seen = new Set<string>();
  const follow = (text: string): void => {
    for (const match of text.matchAll(reference)) {
      const name = (match[1] ?? match[2] ?? "").toLowerCase();
      if (seen.has(name)) continue;
      seen.add(name);
      if (name === "invalid_referer") add("http_referer", refererGuesses(guard.parent ?? server, server));
      const map = sources.maps.get(name);
      const source = map?.args[0];
      if (map && source !== undefined) {
        if (/^\$\{?\w+\}?$/.test(source)) add(source, entriesOf(map).slice(0, mostGuesses).flatMap(keyGuesses));
        follow(
          [
            source,
            ...entriesOf(map)
              .slice(0, mostGuesses)
              .map(({ args }) => args[0] ?? ""),
          ].join(" "),
        );
      }
      for (const set of sets.get(name) ?? []) {
        follow(set.args[1] ?? "");
        if (set.parent?.name === "if") fromCondition(set.parent.args);
      }
    }
  };
  const fromCondition = (args: readonly string[]): void => {
    add(...conditionGuesses(args));
    follow(args.join(" "));
  };
  fromCondition(guard.args);
  return [...new Map(guesses.map((guess) => [guess.join("\0"), guess])).values()].slice(0, mostGuesses);
};

const something = "hopwise";

/** `($a = "b")`: its variable, and values that may satisfy it or not. */
const conditionGuesses = (args: readonly string[]): [variable: string | undefined, values: string[]] => {
  const words = args.map((word, index) => (index === 0 ? word.replace(/^\(/, "") : word)).filter((word) => word !== "");
  const last = words.pop()?.replace(/\)$/, "") ?? "";
  const [variable, operator = "", ...rest] = [...words, last].filter((word) => word !== "");
  const right = rest.join(" ");
  if (operator === "" || right === "") return [variable, [something, "1"]];
  if (operator.includes("~")) return [variable, [...(patternOf(right, operator.endsWith("*"))?.samples() ?? []).slice(0, 3), something]];
  return [variable, [right, something]];
};

const keyGuesses = ({ name }: Directive): string[] => {
  if (name === "default") return [something];
  const pattern = /^~(\*?)([^]*)$/.exec(name);
  return pattern ? (patternOf(pattern[2] ?? "", pattern[1] === "*")?.samples() ?? []).slice(0, 3) : [name.replace(/^\\/, "")];
};

const refererGuesses = (block: Directive, server: Directive): string[] => {
  const words = nearestOf(block, "valid_referers").flatMap(({ args }) => args);
  const names = childrenOf(server).flatMap(({ name, args }) => (name === "server_name" ? args : []));
  const hosts = words.flatMap((word) => (word === "server_names" ? names : [word])).filter((word) => !["none", "blocked"].includes(word));
  return hosts.flatMap((host) => {
    if (host.startsWith("~")) return (patternOf(host.slice(1), true)?.samples() ?? []).slice(0, 2).map((sample) => `https://${sample}`);
    const plain = host.replace(/^\*\./, "www.").replace(/\.\*$/, ".example").replace(/^\./, "");
    return /^[\w.-]+(?:\/\S*)?$/.test(plain) ? [`https://${plain}${plain.includes("/") ? "" : "/"}`] : [];
  });
};
