// Lines that are said to help streams and may do nothing: tried by taking them away. Pure.
import type { Edit, FolkCure, Route } from "../configuration.ts";
import { removeLines, replaceLine, wordsOf } from "./lines.ts";
import { pageOf } from "./pages.ts";
import { hidesOthers, isOfUser, isSet, linesOf, millisecondsOf, ownLines, speaksHttp10, spotOf } from "./scene.ts";
import type { Parsed, Spot } from "./scene.ts";
import type { Directive } from "./tree.ts";

interface Folk {
  directive: string;
  /** Which of its lines; default: all. */
  like?: RegExp | ((words: string) => boolean);
  /** Only in the route's own block, since elsewhere it has other uses. */
  own?: true;
  when?: (spot: Spot) => boolean;
  belief: string;
  because?: string;
}

const caching = (spot: Spot): boolean => isSet(spot, "proxy_cache");
const cachesNothing = (spot: Spot): boolean => !caching(spot);

/** Without this line something further out might store responses. */
const couldStore = (spot: Spot): boolean => ownLines(spot, "proxy_cache").some(hidesOthers);

const tenMinutesMs = 600_000;
const isLong = (time: string): boolean => (millisecondsOf(time) ?? 0) >= tenMinutesMs;

const noBuffer = "tell nginx not to buffer";
const noStore = "keep nginx from storing the response";
const staysOpen = "keep the stream's connection open";
const atOnce = "have each event sent at once";
const notCut = "keep a silent stream from being cut";

const table: Folk[] = [
  {
    directive: "add_header",
    like: /^x-accel-buffering /i,
    belief: noBuffer,
    because: "nginx reads that header from its upstream, not from what it adds itself",
  },
  { directive: "proxy_set_header", like: /^x-accel-buffering /i, belief: noBuffer },
  { directive: "proxy_pass_header", like: /^x-accel-buffering$/i, belief: noBuffer },
  { directive: "proxy_max_temp_file_size", like: /^0$/, own: true, belief: noBuffer },
  { directive: "add_header", like: /^cache-control .*no-(?:cache|store)/i, when: caching, belief: noStore },
  { directive: "expires", like: /^(?:off|epoch|-\d+)$/, when: caching, belief: noStore },
  { directive: "proxy_set_header", like: /^cache-control .*no-(?:cache|store)/i, belief: noStore },
  { directive: "proxy_cache", like: /^off$/, own: true, when: (spot) => !couldStore(spot), belief: atOnce },
  { directive: "proxy_no_cache", own: true, when: cachesNothing, belief: noStore },
  { directive: "proxy_cache_bypass", own: true, when: cachesNothing, belief: noStore },
  { directive: "add_header", like: /^cache-control .*no-transform/i, belief: "keep nginx from compressing" },
  { directive: "add_header", like: /^content-encoding /i, belief: "keep nginx from compressing" },
  { directive: "gzip_proxied", like: /no-cache|no-store|expired/, own: true, belief: "keep nginx from compressing" },
  { directive: "add_header", like: /^transfer-encoding /i, belief: "have the response sent in chunks" },
  { directive: "chunked_transfer_encoding", belief: atOnce },
  { directive: "add_header", like: /^content-type text\/event-stream/i, belief: "make the response an event stream" },
  { directive: "add_header", like: /^connection /i, belief: staysOpen },
  { directive: "keepalive_timeout", like: (time) => time === "0" || isLong(time), own: true, belief: staysOpen },
  { directive: "proxy_set_header", like: /^connection (?:keep-alive)?$/i, when: speaksHttp10, belief: staysOpen },
  { directive: "proxy_ignore_client_abort", like: /^on$/, belief: staysOpen },
  { directive: "proxy_socket_keepalive", like: /^on$/, own: true, belief: notCut },
  { directive: "send_timeout", like: isLong, own: true, belief: notCut },
  { directive: "proxy_send_timeout", like: isLong, own: true, belief: notCut },
  { directive: "proxy_connect_timeout", like: isLong, own: true, belief: notCut },
  { directive: "tcp_nodelay", like: /^on$/, own: true, belief: atOnce },
  { directive: "tcp_nopush", like: /^off$/, own: true, belief: atOnce },
  { directive: "sendfile", like: /^off$/, own: true, belief: atOnce },
  { directive: "output_buffers", own: true, belief: atOnce },
];

export const folkCures = (configuration: Parsed, route: Route): FolkCure[] => {
  const spot = spotOf(configuration, route);
  if (!spot) return [];
  return table.flatMap(({ directive, like = /^/, own = false, when, belief, because }) =>
    when?.(spot) === false
      ? []
      : (own ? ownLines : linesOf)(spot, directive)
          .filter((line) => isOfUser(spot, line) && (typeof like === "function" ? like : like.test.bind(like))(line.args.join(" ")))
          .map((line) => ({
            id: `${directive}@${line.place.file}:${line.place.line}:${line.place.column}`,
            place: line.place,
            directive: wordsOf(spot, line),
            belief,
            ...(because === undefined ? {} : { because }),
            edits: without(spot, line),
            link: pageOf(directive),
          })),
  );
};

const fields = new Set(["add_header", "proxy_set_header"]);

/** The last one of its block is emptied instead: without it outer ones would come into effect. */
const without = (spot: Spot, line: Directive): Edit[] => {
  const alone = linesOf(spot, line.name).length === 1 && hidesOthers(line);
  return alone && fields.has(line.name) ? [replaceLine(line, `${line.name} ${line.args[0]} "";`)] : removeLines(spot, [line]);
};
