// Rules that would turn the lab's clients away, as stubs: the check goes without them, or its requests carry what they ask for.
import type { ConfigFile, Stub } from "../../configuration.ts";
import { addressRulesIn, certificateRulesIn } from "./guards.ts";
import { maskKeys } from "./masking.ts";
import type { Masks } from "./masking.ts";
import type { PassageOf } from "./signed-routes.ts";
import type { Directive } from "./tree.ts";

/** Those that no request of the lab gets past, whatever it carries. */
export const rulesIn = (roots: readonly Directive[]): Directive[] => [...addressRulesIn(roots), ...certificateRulesIn(roots)];

export const masksOf = (rules: readonly Directive[], roots: readonly Directive[], files: readonly ConfigFile[]): Masks => {
  if (rules.length === 0) return new Map();
  const keys = maskKeys(roots);
  const own = rules.filter(({ place }) => files.some(({ path, text }) => path === place.file && text !== null));
  return new Map(own.flatMap((rule) => (keys.has(rule) ? [[keys.get(rule) ?? "", ""] as const] : [])));
};

const kindOf = ({ name, args }: Directive): { what: string; why: string } => {
  if (name === "allow" || name === "deny")
    return { what: "nginx without its rules by address", why: "the lab's clients have other addresses" };
  if (name === "ssl_verify_client")
    return { what: "nginx without ssl_verify_client on", why: "the lab's clients have no certificate of your authority" };
  return {
    what: `nginx without the condition if ${args.join(" ").replace(/ +\)$/, ")")}`,
    why: "no request was found that gets past it; give one with --header or --path",
  };
};

const mostLines = 3;

export const stubsOfRules = (rules: readonly Directive[]): Stub[] =>
  [...Map.groupBy(rules, (rule) => kindOf(rule).what)].map(([what, some]) => {
    const [first] = some;
    const lines = some.slice(0, mostLines).map(({ name, place }) => `${name} in ${place.file}:${place.line}`);
    return {
      what,
      why: `${first ? kindOf(first).why : ""} (${lines.join(", ")}${some.length > mostLines ? ` and ${some.length - mostLines} more` : ""})`,
      place: first?.place ?? null,
    };
  });

const titles = { http: "the header field", cookie: "the cookie", arg: "the argument" } as const;

const isSecret = (name: string): boolean => /key|token|secret|password|authorization|cookie_/i.test(name);

/** What was found to get through, shown. */
export const stubsOfPassages = (passages: readonly PassageOf[]): Stub[] => [...stubsOfSigned(passages), ...stubsOfFields(passages)];

const stubsOfSigned = (passages: readonly PassageOf[]): Stub[] =>
  passages.flatMap(({ route, signed }) =>
    signed
      ? [
          {
            what: `a signed link in requests to ${route}: ${signed.target}`,
            why: `${signed.by.place.file}:${signed.by.place.line} (${signed.by.name}) lets nothing else through`,
            place: signed.by.place,
          },
        ]
      : [],
  );

const stubsOfFields = (passages: readonly PassageOf[]): Stub[] =>
  [
    ...Map.groupBy(
      passages.flatMap(({ route, fields }) => [...fields].map((field) => ({ route, field }))),
      ({ field }) => field.join("\0"),
    ),
  ].flatMap(([, uses]) => {
    const [first] = uses;
    const [name = "", value = ""] = first?.field ?? [];
    const [, kind, rest = ""] = /^(http|cookie|arg)_(.*)$/.exec(name) ?? [];
    if (kind !== "http" && kind !== "cookie" && kind !== "arg") return [];
    return [
      {
        what: `${titles[kind]} ${kind === "http" ? rest.replaceAll("_", "-") : rest}${isSecret(name) ? "" : `: ${value}`} in requests to ${uses.map(({ route }) => route).join(", ")}`,
        why: "without it they are turned away",
        place: null,
      },
    ];
  });
