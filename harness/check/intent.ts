// Whether a route is known to carry streams: named by the user, or to be seen in the configuration. Pure.
import type { Place, Route } from "./configuration.ts";

/** explicit: the user named the route. inferred: the configuration or its path suggests a stream. */
export type IntentKind = "explicit" | "inferred" | "unknown";

/** A line that is only written for streams. */
export interface Sign {
  /** As it stands there, e.g. `proxy_buffering off`. */
  directive: string;
  place: Place;
}

export type Intent = { kind: "explicit" } | { kind: "inferred"; signs: Sign[]; path: boolean } | { kind: "unknown" };

/** Whole words of a path: https://html.spec.whatwg.org/multipage/server-sent-events.html, the paths of the APIs of OpenAI and Ollama, of the
 *  Model Context Protocol, Socket.IO, SockJS, Phoenix and Rails. */
const names = new Set(
  "events event stream streams streaming sse ws wss websocket websockets socket sockjs socket.io mcp chat completions generate subscribe subscriptions notifications live poll polling long-polling longpoll message-bus cable eventsource event-stream".split(
    " ",
  ),
);

const isName = (segment: string): boolean => names.has(segment) || /^(?:stream|events|sse)[-_.]|[-_](?:stream|events|sse)$/.test(segment);

export const namedLikeAStream = (path: string): boolean =>
  (path.split("?", 1)[0] ?? "")
    .toLowerCase()
    .split("/")
    .some((segment) => isName(segment));

export const intentOf = ({ path, named }: Route, signs: Sign[]): Intent => {
  if (named !== undefined) return { kind: "explicit" };
  const isLikeAStream = namedLikeAStream(path);
  return signs.length > 0 || isLikeAStream ? { kind: "inferred", signs, path: isLikeAStream } : { kind: "unknown" };
};

const order: readonly IntentKind[] = ["explicit", "inferred", "unknown"];

export const bestOf = (kinds: readonly IntentKind[]): IntentKind => order.find((kind) => kinds.includes(kind)) ?? "unknown";

/** What is named first, then what is inferred; each in the order of the configuration. */
export const byIntent = <R>(routes: readonly R[], kindOf: (route: R) => IntentKind): R[] =>
  routes.toSorted((one, other) => order.indexOf(kindOf(one)) - order.indexOf(kindOf(other)));
