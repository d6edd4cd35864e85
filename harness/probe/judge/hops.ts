// Response header fields that betray hops between the application and the client. No other field is ever shown, so no cookie or token is. Pure.
import type { Header } from "../../decode/http1-message.ts";

export interface HopField {
  name: string;
  value: string;
  /** What it says of the path. */
  says: string;
}

const known: readonly [name: RegExp, says: string][] = [
  [/^server$/, "the server that answered last, or the application's own"],
  [/^via$/, "proxies that name themselves (RFC 9110 §7.6.3)"],
  [/^age$/, "it was in a cache for so many seconds (RFC 9111 §5.1)"],
  [/^cache-status$/, "caches and what they did (RFC 9211)"],
  [/^proxy-status$/, "proxies and what they did (RFC 9209)"],
  [/^x-cache(-.*)?$|^x-proxy-cache$|^x-nginx-cache.*$|^cdn-cache$/, "a cache, and whether it answered"],
  [/^cf-(ray|cache-status)$/, "Cloudflare"],
  [/^x-amz-cf-(id|pop)$/, "Amazon CloudFront"],
  [/^x-amzn-(requestid|trace-id|remapped-.*)$|^x-amz-apigw-id$/, "Amazon API Gateway or load balancer"],
  [/^x-(served-by|timer|fastly-request-id)$|^fastly-.*$/, "Fastly or Varnish"],
  [/^x-varnish$/, "Varnish"],
  [/^x-akamai-.*$|^akamai-.*$/, "Akamai"],
  [/^x-azure-ref$|^x-msedge-ref$/, "Azure Front Door"],
  [/^x-vercel-(id|cache)$/, "Vercel"],
  [/^x-nf-request-id$/, "Netlify"],
  [/^fly-request-id$/, "Fly.io"],
  [/^x-railway-.*$|^x-render-origin-server$/, "the platform's router"],
  [/^x-envoy-.*$/, "Envoy (Istio, Contour, many gateways)"],
  [/^x-kong-.*$/, "Kong"],
  [/^x-litespeed-cache.*$/, "LiteSpeed"],
  [/^x-sucuri-.*$/, "Sucuri"],
  [/^x-iinfo$|^x-cdn$/, "Imperva"],
  [/^x-bunny-.*$|^cdn-(pullzone|requestid|requestcountrycode)$/, "bunny.net"],
  [/^x-github-request-id$/, "GitHub"],
  [/^x-accel-buffering$/, "no nginx with default settings is in front: nginx removes this field"],
  [/^x-powered-by$/, "the application's framework"],
  [/^alt-svc$/, "other protocols that are offered (h3: HTTP/3)"],
];

const longest = 120;

export const hopFieldsOf = (headers: readonly Header[]): HopField[] =>
  headers.flatMap(({ name, value }) => {
    const lower = name.toLowerCase();
    const says = known.find(([pattern]) => pattern.test(lower))?.[1];
    return says === undefined ? [] : [{ name: lower, value: value.length > longest ? `${value.slice(0, longest)}…` : value, says }];
  });

/** The field that says that a cache answered; null: none says so. */
export const cacheFieldOf = (fields: readonly HopField[]): string | null => {
  const hit = fields.find(
    ({ name, value }) =>
      (name === "age" && Number(value) > 0) || (/cache/.test(name) && /\b(hit|stale)\b/i.test(value) && !/fwd=/.test(value)),
  );
  return hit ? `${hit.name}: ${hit.value}` : null;
};
