import CachePolicy from "http-cache-semantics";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Options } from "../harness/define.ts";

export const requestOf = ({ method = "GET", url = "/", headers }: IncomingMessage) => ({ method, url, headers });

/** The response's cache policy; null if it must not be stored, or would never be fresh. */
export const policyOf = (request: IncomingMessage, response: ServerResponse, options: Options): CachePolicy | null => {
  const headers = headersOf(response, options["ignoresCacheControl"] === true);
  const policyWith = (control: string): CachePolicy =>
    new CachePolicy(
      requestOf(request),
      { status: response.statusCode, headers: { ...headers, ...(control ? { "cache-control": control } : {}) } },
      { shared: true },
    );
  const control = headers["cache-control"] ?? "";
  const policy = policyWith(control);
  if (!policy.storable()) return null;
  if (policy.timeToLive() > 0) return policy;
  // http-cache-semantics considers a bare 200 storable (RFC 9111 §3), but without Last-Modified its heuristic freshness is 0.
  const explicit = /max-age|no-cache/.test(control) || headers["expires"] !== undefined;
  if (explicit || !options["ttlSeconds"]) return null;
  return policyWith([control, `max-age=${options["ttlSeconds"]}`].filter(Boolean).join(", "));
};

/** With directives in lower case: http-cache-semantics 4.3.0 does not know `No-Store`, although directives are case-insensitive (RFC 9111 §5.2). */
const headersOf = (response: ServerResponse, ignoresCacheControl: boolean): Record<string, string> => {
  const ignored = ignoresCacheControl ? ["cache-control", "expires", "pragma"] : [];
  const fields = Object.entries(response.getHeaders()).filter(([name]) => !ignored.includes(name));
  return Object.fromEntries(
    fields.map(([name, value]) => {
      const text = [value].flat().join(", ");
      return [name, name === "cache-control" ? text.toLowerCase() : text];
    }),
  );
};
