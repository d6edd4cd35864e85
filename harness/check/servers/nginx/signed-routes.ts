// Routes whose requests are signed: how they are sent, and how they are shown. Pure.
import { elided } from "../../../model/secrets.ts";
import type { Route } from "../../configuration.ts";
import type { Fields } from "./fields.ts";
import type { SignedBy } from "./secure-links.ts";
import type { Directive } from "./tree.ts";

/** What was found that the requests of a route have to carry. */
export interface PassageOf {
  route: string;
  fields: Fields;
  /** The request line's target, where it is signed, without the signature. */
  signed: { by: Directive; target: string } | null;
}

/** Of `secure_link_secret`, the query is a part of what is signed. */
export const signedRoute = (route: Route, signed: SignedBy): Route => {
  const shownPath = elided(route.path, [signed.made]);
  return {
    ...route,
    ...(shownPath === route.path ? {} : { shownPath }),
    ...(signed.encoding === "hex" ? { isUnmarked: true as const } : {}),
  };
};

/** A signature lets anyone through who has it: it is not shown. */
export const shownOf = ({ path }: Route, fields: Fields, signed: SignedBy): Omit<PassageOf, "route"> => {
  const rest = new Map([...fields].filter(([name]) => !signed.fields.includes(name)));
  const carried = signed.fields.filter((name) => !name.startsWith("arg_")).map(fieldWords);
  const shown = elided(path, [signed.made]);
  const isInPath = elided(path.replace(/\?.*$/s, ""), [signed.made]) !== path.replace(/\?.*$/s, "");
  const [, query = ""] = /\?(.*)$/s.exec(shown) ?? [];
  const target = isInPath ? shown : query.includes("…") ? `?${query}` : carried.join(", ");
  return { fields: rest, signed: { by: signed.line, target } };
};

const fieldWords = (name: string): string =>
  name.startsWith("cookie_")
    ? `the cookie ${name.slice("cookie_".length)}`
    : `the header field ${name.slice("http_".length).replaceAll("_", "-")}`;
