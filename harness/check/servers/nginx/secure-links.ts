// $secure_link, and links that nginx takes for signed: https://nginx.org/en/docs/http/ngx_http_secure_link_module.html. Pure.
import { createHash } from "node:crypto";
import type { Signature } from "../../configuration.ts";
import { stubClient, signatureOf } from "../../signature.ts";
import { encodePath } from "./candidates.ts";
import { expand } from "./expand.ts";
import type { Resolve, Value } from "./expand.ts";
import { nearestOf } from "./levels.ts";
import { wholeQueryOf } from "./fields.ts";
import type { Fields } from "./fields.ts";
import type { Directive } from "./tree.ts";

/** A link that is not signed, and what its signature would be made of. */
export interface UnsignedLink {
  /** The line with the secret. */
  line: Directive;
  /** Null: it cannot be determined. */
  text: Value;
  /** By the name of its variable or, of `secure_link_secret`, in the path. */
  carried: "in-path" | { signature: string; expires: string | null };
}

export interface LinkValue {
  value: Value;
  expires: Value;
  unsigned: UnsignedLink | null;
}

/** In the future, whatever the date. */
const expiry = "4102444800";

/** Of these, trials have various ones; the query has the mark of its trial. */
const varying =
  /^(?:args|query_string|is_args|request|request_\w+|scheme|https|server_(?:port|protocol)|http_(?:accept_encoding|authorization|connection))$/;

/** `uri`: as requested, decoded. */
export const linkIn = (block: Directive, { uri, fields }: { uri: string; fields: Fields }, resolve: Resolve): LinkValue | null => {
  const [line] = nearestOf(block, "secure_link_md5");
  const [carrier] = nearestOf(block, "secure_link");
  if (line && carrier) return byMd5(line, carrier.args[0] ?? "", resolve);
  const [secret] = nearestOf(block, "secure_link_secret");
  if (!secret) return null;
  const [, , signature = "", link = ""] = /^(\/[^/]*\/)([^/]*)\/(.+)$/s.exec(unparsed(uri, fields)) ?? [];
  const isSigned = signature === signatureOf({ of: `${link}${secret.args[0] ?? ""}`, encoding: "hex" });
  if (isSigned) return { value: link, expires: "", unsigned: null };
  return { value: "", expires: "", unsigned: { line: secret, text: secret.args[0] ?? "", carried: "in-path" } };
};

/** With the query: https://github.com/nginx/nginx/blob/master/src/http/modules/ngx_http_secure_link_module.c (`unparsed_uri`). */
const unparsed = (uri: string, fields: Fields): string => {
  const query = wholeQueryOf(fields);
  return `${encodePath(uri)}${query === "" ? "" : `?${query}`}`;
};

const byMd5 = (line: Directive, carrier: string, resolve: Resolve): LinkValue => {
  const given = expand(carrier, resolve);
  if (given === null) return { value: null, expires: null, unsigned: null };
  const comma = given.indexOf(",");
  const signature = comma < 0 ? given : given.slice(0, comma);
  const expires = comma < 0 ? "" : given.slice(comma + 1);
  const text = expand(line.args[0] ?? "", (name) => {
    if (name === "secure_link_expires") return expires;
    if (name === "remote_addr") return stubClient;
    return varying.test(name) ? null : resolve(name);
  });
  if (text !== null && signature === signatureOf({ of: text, encoding: "base64url" })) return { value: "1", expires, unsigned: null };
  const [, name, until = null] = /^\$\{?(\w+)\}?(?:,\$\{?(\w+)\}?)?$/.exec(carrier) ?? [];
  return { value: "", expires, unsigned: name === undefined ? null : { line, text, carried: { signature: name, expires: until } } };
};

/** A request: what it carries, and its path, decoded. */
export interface Signed {
  fields: Fields;
  uri: string;
  signature: SignedBy;
}

export interface SignedBy extends Signature {
  /** The line that verifies it. */
  line: Directive;
  /** Of the fields, those that carry it. */
  fields: string[];
}

type Unsigned = Pick<Signed, "fields" | "uri">;

/** The same request with a signature, in the places that may be meant. `unsignedAt`: how a request is taken that has a wrong one. */
export const signedRequests = (
  { line, text, carried }: UnsignedLink,
  request: Unsigned,
  unsignedAt: (request: Unsigned) => UnsignedLink | null,
): Signed[] => {
  if (text === null) return [];
  if (carried === "in-path") return signedInPath(line, text, request);
  // What the user gives is sent as it is.
  if (request.fields.has(carried.signature.toLowerCase())) return [];
  return placesFor(carried, request).flatMap((withSignature): Signed[] => {
    const of = unsignedAt(withSignature(placeholder))?.text ?? null;
    if (of === null) return [];
    const made = signatureOf({ of, encoding: "base64url" });
    const names = [carried.signature, carried.expires ?? ""].map((name) => name.toLowerCase()).filter(isField);
    return [{ ...withSignature(made), signature: { made, of, encoding: "base64url", line, fields: names } }];
  });
};

/** As long as a signature is. */
const placeholder = createHash("md5").update("hopwise").digest("base64url");

/** `/prefix/signature/link`, where the link has to have something. */
const signedInPath = (line: Directive, secret: string, { fields, uri }: Unsigned): Signed[] => {
  const [, prefix = "/", rest = ""] = /^(\/[^/]*)\/?(.*)$/s.exec(uri) ?? [];
  const link = rest.replace(/^[^/]{32}\//, "") || "events";
  const encoded = unparsed(`/${link}`, fields).slice(1);
  const signature = { of: `${encoded}${secret}`, encoding: "hex" } as const;
  const made = signatureOf(signature);
  return [{ fields, uri: `${prefix}/${made}/${link}`, signature: { ...signature, made, line, fields: [] } }];
};

const isField = (name: string): boolean => /^(?:arg|cookie|http)_/.test(name);

/** Where the signature and the time may be put: into fields, or else in place of any part of the path. */
const placesFor = (
  { signature, expires }: Exclude<UnsignedLink["carried"], string>,
  { fields, uri }: Unsigned,
): ((signature: string) => Unsigned)[] => {
  const parts = uri.split("/");
  const isInPath = (name: string): boolean => !isField(name.toLowerCase());
  const indexes = (name: string | null): (number | null)[] => (name !== null && isInPath(name) ? [...parts.keys()].slice(1) : [null]);
  return indexes(signature).flatMap((at) =>
    indexes(expires)
      .filter((until) => until === null || until !== at)
      .map((until) => (value: string): Unsigned => {
        const carried = new Map(fields);
        if (at === null) carried.set(signature.toLowerCase(), value);
        if (expires !== null && until === null && !fields.has(expires.toLowerCase())) carried.set(expires.toLowerCase(), expiry);
        return { fields: carried, uri: parts.map((part, index) => (index === at ? value : index === until ? expiry : part)).join("/") };
      }),
  );
};
