// Where only a request says where it leads (`proxy_pass http://$arg_to`), the user says it: `--upstream arg_to=web:8000`. Pure.
import type { Directive } from "./tree.ts";

type Values = Readonly<Record<string, string>>;

const variables = /\$\{?(\w+)\}?/g;

const namesIn = ({ args: [given = ""] }: Directive): string[] => Array.from(given.matchAll(variables), ([, name = ""]) => name);

/** What its argument comes to with these values; none where a variable has no value. */
export const filledIn = (pass: Directive, values: Values): string[] => {
  const names = namesIn(pass);
  if (names.length === 0 || !names.some((name) => Object.hasOwn(values, name))) return [];
  // A path after the address may depend on anything.
  return [(pass.args[0] ?? "").replaceAll(variables, (_, name: string) => values[name] ?? "")];
};

/** What a request needs so that nginx comes to the same: an argument, a header field, a cookie. */
export const askedFor = (pass: Directive, values: Values): { query: string; headers: [name: string, value: string][] } => {
  const known = namesIn(pass).flatMap((name) => (Object.hasOwn(values, name) ? [[name, values[name] ?? ""] as const] : []));
  const of = (prefix: string): [name: string, value: string][] =>
    known.flatMap(([name, value]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : []));
  const cookies = of("cookie_").map(([name, value]) => `${name}=${value}`);
  return {
    query: of("arg_")
      .map(([name, value]) => `${name}=${value}`)
      .join("&"),
    headers: [
      ...of("http_").map(([name, value]): [string, string] => [name.replaceAll("_", "-"), value]),
      ...(cookies.length > 0 ? ([["cookie", cookies.join("; ")]] satisfies [string, string][]) : []),
    ],
  };
};
