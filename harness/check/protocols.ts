// Each protocol that a route's listeners offer is tried: what is held or cut may depend on it. Pure.
import type { ClientStack } from "../model/script.ts";
import type { Check } from "./checks.ts";
import { upstreamKey } from "./configuration.ts";
import type { Listener, Route, Upstream } from "./configuration.ts";

/** What is tried again by every further protocol: that it may decide. */
const tried = ["events", "gzip", "headers", "origin-abort"];

const words: Record<ClientStack, string> = { tcp: "without TLS", tls: "by HTTP/1.1 over TLS", h2: "by HTTP/2 over TLS" };

const usualStack = ({ tls, http2 }: Listener): ClientStack => (tls ? (http2 ? "h2" : "tls") : "tcp");

const stacksOf = ({ tls, http2 }: Listener): ClientStack[] => (tls ? (http2 ? ["h2", "tls"] : ["tls"]) : ["tcp"]);

/** The one that all trials use, then the others. */
const offeredBy = (route: Route): ClientStack[] => [...new Set([route, ...(route.others ?? [])].flatMap(stacksOf))];

export const withProtocols = (route: Route, checks: readonly Check[]): Check[] => [
  ...checks,
  ...offeredBy(route)
    .slice(1)
    .flatMap((stack) =>
      checks
        .filter(({ id }) => tried.includes(id))
        .map((check) => ({ ...check, id: idOver(check.id, stack), title: `${check.title}, ${words[stack]}`, over: stack })),
    ),
];

/** Over uwsgi and SCGI the end of the connection is the end of the response, and a socket has no reset: an abort cannot be told from an end. */
export const withoutUntestable = (route: Route, upstreams: readonly Upstream[], checks: readonly Check[]): Check[] => {
  const own = upstreams.filter((upstream) => route.upstreams.includes(upstreamKey(upstream)));
  const isAmbiguous =
    own.length > 0 && own.every(({ socket, speaks }) => socket !== undefined && (speaks === "uwsgi" || speaks === "scgi"));
  return checks.filter(({ trial }) => !(isAmbiguous && trial.kind === "origin-abort"));
};

const idOver = (id: string, stack: ClientStack): string => `${id}-${stack}`;

/** The route as the client of this trial reaches it. */
export const routeVia = (route: Route, { over }: Pick<Check, "over">): Route => {
  if (over === undefined) return route;
  const listener = [route, ...(route.others ?? [])].find((one) => stacksOf(one).includes(over));
  if (!listener) return route;
  const { viaPort: _, others: __, ...rest } = route;
  const { port, tls, viaPort } = listener;
  return { ...rest, port, tls, http2: over === "h2", ...(viaPort === undefined ? {} : { viaPort }) };
};

const conditions: Record<string, string> = {
  tcp: "plain HTTP/1.1",
  tls: "HTTP/1.1 over TLS",
  h2: "HTTP/2",
  "tcp,tls": "HTTP/1.1",
  "h2,tls": "TLS",
  "h2,tcp": "plain HTTP/1.1, HTTP/2",
};

/** Which clients see it, where every trial that shows it was also run by the other protocols, and did not there. Null: any, or not known. */
export const clientsOf = (route: Route, checks: readonly Check[]): string | null => {
  const offered = offeredBy(route);
  const seen = checks.map(({ id, over }) => ({
    base: over === undefined ? id : id.slice(0, -1 - over.length),
    stack: over ?? usualStack(route),
  }));
  if (offered.length < 2 || !seen.every(({ base }) => tried.includes(base))) return null;
  const stacks = [...new Set(seen.map(({ stack }) => stack))].toSorted();
  return stacks.length === offered.length ? null : (conditions[stacks.join()] ?? null);
};
