// Lines that are said to help streams and may do nothing: tried by taking them away. Pure.
import type { Edit, FolkCure, Route } from "../configuration.ts";
import { bufferSizes, removeLines, replaceLine, wordsOf } from "./lines.ts";
import { pageOf } from "./pages.ts";
import { hidesOthers, isOfUser, isSet, linesOf, ownLines, speaksHttp10, spotOf, valueOf } from "./scene.ts";
import type { Parsed, Spot } from "./scene.ts";
import type { Directive } from "./tree.ts";

interface Folk {
  directive: string;
  /** Which of its lines; default: all. */
  like?: RegExp;
  when?: (spot: Spot) => boolean;
  belief: string;
}

/** Something further out stores responses, which this line may well keep from doing so here. */
const couldStore = (spot: Spot): boolean => ownLines(spot, "proxy_cache").some(hidesOthers);

/** These only size the buffers of what is buffered. */
const unbuffered = (spot: Spot): boolean => valueOf(spot, "proxy_buffering") === "off";

const table: Folk[] = [
  { directive: "add_header", like: /^x-accel-buffering /i, belief: "tells nginx not to buffer" },
  { directive: "proxy_set_header", like: /^x-accel-buffering /i, belief: "tells nginx not to buffer" },
  {
    directive: "add_header",
    like: /^cache-control .*(?:no-cache|no-store|no-transform)/i,
    belief: "keeps nginx from storing or changing the response",
  },
  { directive: "proxy_set_header", like: /^cache-control /i, belief: "keeps nginx from storing the response" },
  { directive: "expires", like: /^(?:off|epoch|-1)$/, belief: "keeps nginx from storing the response" },
  { directive: "add_header", like: /^connection /i, belief: "keeps the stream's connection open" },
  { directive: "add_header", like: /^transfer-encoding /i, belief: "has the response sent in chunks" },
  { directive: "add_header", like: /^content-type .*event-stream/i, belief: "makes the response an event stream" },
  { directive: "add_header", like: /^content-encoding /i, belief: "keeps nginx from compressing" },
  { directive: "chunked_transfer_encoding", belief: "has the stream passed on at once" },
  { directive: "proxy_ignore_client_abort", like: /^on$/, belief: "keeps the stream alive" },
  { directive: "gzip_proxied", like: /no-cache|no-store|no_etag|expired|off/, belief: "keeps streams uncompressed" },
  { directive: "gzip_min_length", belief: "keeps small events uncompressed" },
  { directive: "gzip_buffers", belief: "makes compression let go sooner" },
  { directive: "gzip_comp_level", like: /^[01]$/, belief: "makes compression let go sooner" },
  { directive: "tcp_nodelay", like: /^on$/, belief: "sends each event at once" },
  { directive: "tcp_nopush", like: /^off$/, belief: "sends each event at once" },
  { directive: "sendfile", like: /^off$/, belief: "sends each event at once" },
  { directive: "output_buffers", belief: "sends each event at once" },
  { directive: "keepalive_timeout", belief: "keeps the stream's connection open" },
  { directive: "keepalive_requests", belief: "keeps the stream's connection open" },
  { directive: "send_timeout", belief: "keeps a silent stream from being cut" },
  { directive: "proxy_send_timeout", belief: "keeps a silent stream from being cut" },
  { directive: "proxy_connect_timeout", belief: "keeps a silent stream from being cut" },
  { directive: "client_body_timeout", belief: "keeps a silent stream from being cut" },
  { directive: "reset_timedout_connection", belief: "keeps a silent stream from being cut" },
  { directive: "proxy_socket_keepalive", like: /^on$/, belief: "keeps a silent stream from being cut" },
  { directive: "proxy_cache", like: /^off$/, when: (spot) => !couldStore(spot), belief: "has the stream passed on at once" },
  { directive: "proxy_no_cache", when: (spot) => !isSet(spot, "proxy_cache"), belief: "keeps nginx from storing the response" },
  { directive: "proxy_cache_bypass", belief: "keeps nginx from storing the response" },
  { directive: "proxy_max_temp_file_size", like: /^0$/, belief: "turns buffering off" },
  { directive: "proxy_request_buffering", like: /^off$/, belief: "turns buffering of the response off" },
  { directive: "proxy_buffers", when: unbuffered, belief: "makes nginx let go sooner" },
  { directive: "proxy_buffer_size", when: unbuffered, belief: "makes nginx let go sooner" },
  { directive: "proxy_busy_buffers_size", when: unbuffered, belief: "makes nginx let go sooner" },
  {
    directive: "proxy_set_header",
    like: /^connection (?:keep-alive)?$/i,
    when: speaksHttp10,
    belief: "keeps the upstream's connection open for the stream",
  },
  { directive: "proxy_pass_header", like: /^x-accel-buffering$/i, belief: "tells nginx not to buffer" },
  { directive: "proxy_pass_header", like: /^(?:content-type|connection|cache-control)$/i, belief: "makes the response an event stream" },
];

export const folkCures = (configuration: Parsed, route: Route): FolkCure[] => {
  const spot = spotOf(configuration, route);
  if (!spot) return [];
  return table.flatMap(({ directive, like, when, belief }) =>
    when?.(spot) === false
      ? []
      : linesOf(spot, directive)
          .filter((line) => isOfUser(spot, line) && (like?.test(line.args.join(" ")) ?? true))
          .map((line) => ({
            id: `${directive}@${line.place.file}:${line.place.line}:${line.place.column}`,
            place: line.place,
            directive: wordsOf(spot, line),
            belief,
            edits: without(spot, line),
            link: pageOf(directive),
          })),
  );
};

const fields = new Set(["add_header", "proxy_set_header"]);

/** The last one of its block is emptied instead: without it outer ones would come into effect. */
const without = (spot: Spot, line: Directive): Edit[] => {
  if (bufferSizes.includes(line.name))
    return removeLines(
      spot,
      bufferSizes.flatMap((name) => linesOf(spot, name)),
    );
  const alone = linesOf(spot, line.name).length === 1 && hidesOthers(line);
  return alone && fields.has(line.name) ? [replaceLine(line, `${line.name} ${line.args[0]} "";`)] : removeLines(spot, [line]);
};
