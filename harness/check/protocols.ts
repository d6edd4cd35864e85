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

const protocolsOf = ({ tls, http2 }: Listener): ClientProtocol[] => (tls ? (http2 ? ["h2", "h1-tls"] : ["h1-tls"]) : ["h1"]);

/** The one that all trials use, then the others. */
const offeredBy = (route: Route): ClientProtocol[] => [...new Set([route, ...(route.others ?? [])].flatMap(protocolsOf))];

export const withProtocols = (route: Route, checks: readonly Check[]): Check[] => [
  ...checks,
  ...offeredBy(route)
    .slice(1)
    .flatMap((protocol) =>
      checks
        .filter(({ id }) => tried.includes(id))
        .map((check) => ({ ...check, id: idOver(check.id, protocol), title: `${check.title}, ${words[protocol]}`, over: protocol })),
    ),
];

/** Over uwsgi and SCGI the end of the connection is the end of the response, and a socket has no reset: an abort cannot be told from an end. */
export const withoutUntestable = (route: Route, upstreams: readonly Upstream[], checks: readonly Check[]): Check[] => {
  const own = upstreams.filter((upstream) => route.upstreams.includes(upstreamKey(upstream)));
  const isAmbiguous =
    own.length > 0 && own.every(({ socket, speaks }) => socket !== undefined && (speaks === "uwsgi" || speaks === "scgi"));
  return checks.filter(({ trial }) => !(isAmbiguous && trial.kind === "origin-abort"));
};

const idOver = (id: string, protocol: ClientProtocol): string => `${id}-${protocol}`;

/** The route as the client of this trial reaches it. */
export const routeVia = (route: Route, { over }: Pick<Check, "over">): Route => {
  if (over === undefined) return route;
  const listener = [route, ...(route.others ?? [])].find((one) => protocolsOf(one).includes(over));
  if (!listener) return route;
  const { viaPort: _, others: __, ...rest } = route;
  const { port, tls, viaPort } = listener;
  return { ...rest, port, tls, http2: over === "h2", ...(viaPort === undefined ? {} : { viaPort }) };
};

const conditions: Record<string, string> = {
  h1: "plain HTTP/1.1",
  "h1-tls": "HTTP/1.1 over TLS",
  h2: "HTTP/2",
  "h1,h1-tls": "HTTP/1.1",
  "h1-tls,h2": "TLS",
  "h1,h2": "plain HTTP/1.1, HTTP/2",
};

/** Which clients see it, where every trial that shows it was also run by the other protocols, and did not there. Null: any, or not known. */
export const clientsOf = (route: Route, checks: readonly Check[]): string | null => {
  const offered = offeredBy(route);
  const seen = checks.map(({ id, over }) => ({
    base: over === undefined ? id : id.slice(0, -1 - over.length),
    protocol: over ?? usual(route),
  }));
  if (offered.length < 2 || !seen.every(({ base }) => tried.includes(base))) return null;
  const protocols = [...new Set(seen.map(({ protocol }) => protocol))].toSorted();
  return protocols.length === offered.length ? null : (conditions[protocols.join()] ?? null);
};
