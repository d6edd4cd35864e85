// Each protocol that a route's listeners offer is tried: what is held or cut may depend on it. Pure.
import type { ClientProtocol } from "../model/script.ts";
import type { Check } from "./checks.ts";
import { upstreamKey } from "./configuration.ts";
import type { Listener, Route, Upstream } from "./configuration.ts";

/** What is tried again by every further protocol: that it may decide. */
const tried = ["events", "gzip", "headers", "origin-abort", "slow-client"];

const words: Record<ClientProtocol, string> = {
  h1: "without TLS",
  "h1-tls": "by HTTP/1.1 over TLS",
  h2: "by HTTP/2 over TLS",
  h2c: "by HTTP/2 without TLS",
  h3: "by HTTP/3",
};

const usual = ({ tls, http2 }: Listener): ClientProtocol => (tls ? (http2 ? "h2" : "h1-tls") : "h1");

const protocolsOf = ({ tls, http2, http3 }: Listener): ClientProtocol[] =>
  tls ? [...(http2 ? (["h2"] as const) : []), "h1-tls", ...(http3 ? (["h3"] as const) : [])] : ["h1"];

/** What the client of a trial speaks to a route. */
export const protocolOf = (route: Route, { over }: Pick<Check, "over">): ClientProtocol => over ?? usual(route);

/** The one that all trials use, then the others. */
const offeredBy = (route: Route): ClientProtocol[] => [...new Set([route, ...(route.others ?? [])].flatMap(protocolsOf))];

export const withProtocols = (route: Route, checks: readonly Check[]): Check[] => [
  ...checks,
  ...offeredBy(route)
    .slice(1)
    .flatMap((protocol) =>
      checks
        .filter(({ id }) => tried.includes(id))
        .map((check): Check => ({
          ...check,
          id: `${check.id}-${protocol}`,
          title: `${check.title}, ${words[protocol]}`,
          over: protocol,
          of: check.id,
        })),
    ),
];

/** Over uwsgi and SCGI the end of the connection is the end of the response, and a socket has no reset: an abort cannot be distinguished from an end. */
export const withoutUntestable = (route: Route, upstreams: readonly Upstream[], checks: readonly Check[]): Check[] => {
  const own = upstreams.filter((upstream) => route.upstreams.includes(upstreamKey(upstream)));
  const isAmbiguous =
    own.length > 0 && own.every(({ socket, speaks }) => socket !== undefined && (speaks === "uwsgi" || speaks === "scgi"));
  return checks.filter(({ trial }) => !(isAmbiguous && trial.kind === "origin-abort"));
};

/** The route as the client of this trial reaches it. */
export const routeVia = (route: Route, { over }: Pick<Check, "over">): Route => {
  if (over === undefined) return route;
  const listener = [route, ...(route.others ?? [])].find((one) => protocolsOf(one).includes(over));
  if (!listener) return route;
  const { viaPort: _, others: __, ...rest } = route;
  const { port, tls, viaPort } = listener;
  // Like HTTP/2: flushed data does not wait in the TLS buffer.
  return { ...rest, port, tls, http2: over === "h2" || over === "h3", ...(viaPort === undefined ? {} : { viaPort }) };
};

const conditions: Record<ClientProtocol, string> = {
  h1: "plain HTTP/1.1",
  "h1-tls": "HTTP/1.1 over TLS",
  h2: "HTTP/2",
  h2c: "HTTP/2 without TLS",
  h3: "HTTP/3",
};

/** `seen`: not all that are offered. */
const conditionOf = (seen: ReadonlySet<ClientProtocol>, offered: readonly ClientProtocol[]): string => {
  const isTls = (protocol: ClientProtocol): boolean => protocol !== "h1";
  if (seen.size > 1 && offered.every((protocol) => seen.has(protocol) === isTls(protocol))) return "TLS";
  const isAnyHttp1 = seen.has("h1") && seen.has("h1-tls");
  const named = isAnyHttp1 ? ["HTTP/1.1"] : [];
  const others = [...seen].toSorted().filter((protocol) => !(isAnyHttp1 && (protocol === "h1" || protocol === "h1-tls")));
  return [...named, ...others.map((protocol) => conditions[protocol])].join(", ");
};

/** The same for the trials by each protocol. */
const baseOf = ({ id, of }: Check): string => of ?? id;

/** Which clients see it, where every trial that shows it was also run by the other protocols, and did not there. Null: any, or not known: one
 *  of `open`, which were not judged, may show it too. */
export const clientsOf = (route: Route, checks: readonly Check[], open: readonly Check[] = []): string | null => {
  const offered = offeredBy(route);
  const seen = checks.map((check) => ({ base: baseOf(check), protocol: protocolOf(route, check) }));
  if (offered.length < 2 || !seen.every(({ base }) => tried.includes(base))) return null;
  if (open.some((check) => seen.some(({ base }) => base === baseOf(check)))) return null;
  const protocols = new Set(seen.map(({ protocol }) => protocol));
  return protocols.size === offered.length ? null : conditionOf(protocols, offered);
};
