// Header fields that nginx adds, removes and changes, and chunked transfer coding.
import { undo, off } from "../changes.ts";
import { linesOf, valueOf, memberOf } from "../context.ts";
import type { Context } from "../context.ts";
import { removeLines } from "../lines.ts";
import type { Family, FixRule, SuspectRule } from "../rules.ts";

const framing = /^(?:content-type|content-length|content-encoding|transfer-encoding)$/i;

const keptField = (id: string, title: string): FixRule => {
  const lines = (context: Context) => linesOf(context, id).filter(({ args }) => framing.test(args[0]?.split(":", 1)[0] ?? ""));
  return {
    id,
    title,
    when: (context) => lines(context).length > 0,
    change: (context) => removeLines(context, lines(context)),
    cost: null,
    part: true,
  };
};

const isEventStream = (type: string): boolean => /^text\/event-stream\b/i.test(type);

const framingLines = (context: Context) =>
  linesOf(context, "add_header").filter(({ args }) => /^(?:transfer-encoding|content-length|connection)$/i.test(args[0] ?? ""));

const chunked: FixRule = {
  id: "chunked_transfer_encoding",
  title: "chunked_transfer_encoding on: re-enable chunked transfer coding",
  when: (context) => valueOf(context, "chunked_transfer_encoding") === "off",
  change: undo("chunked_transfer_encoding on;"),
  cost: null,
  part: true,
};

const unchunked: SuspectRule = {
  directive: "chunked_transfer_encoding",
  matches: ([value]) => value === "off",
  says: "ends the response with the connection, so that a truncated response looks complete",
  instead: undo("chunked_transfer_encoding on;"),
  // Over HTTP/2 frames mark the end.
  alone: ({ route, symptom }) => memberOf(symptom) === "truncated-silently" && !(route.tls && route.http2),
};

export const headerFields: Family = {
  pages: {
    "http/ngx_http_charset_module": "charset charset_types override_charset source_charset",
    "http/ngx_http_headers_module": "add_header add_trailer expires",
    "https://github.com/openresty/headers-more-nginx-module": "more_set_headers more_clear_headers",
  },
  suspects: {
    truncation: [unchunked],
    broken: [
      {
        directive: "add_header",
        matches: ([field]) => /^(?:transfer-encoding|content-length|connection)$/i.test(field ?? ""),
        says: "contradicts nginx's own framing",
        alone: ({ symptom }, line) => memberOf(symptom) === "malformed" && line?.args[0]?.toLowerCase() !== "connection",
      },
      unchunked,
    ],
    altered: [
      {
        directive: "add_header",
        matches: ([field]) => framing.test(field ?? ""),
        says: "adds a second field beside the application's own",
      },
      {
        directive: "proxy_hide_header",
        matches: ([field]) => framing.test(field ?? ""),
        says: "removes a field that the client needs to read the body",
        alone: (_, line) => line?.args[0]?.toLowerCase() === "content-type",
      },
      ...["more_set_headers", "more_clear_headers"].map((directive): SuspectRule => ({
        directive,
        matches: (args) => args.some((field) => framing.test(field.split(":", 1)[0] ?? "")),
        says: "changes how the client reads the body",
      })),
      { directive: "charset", says: "changes the Content-Type", instead: undo("charset off;") },
    ],
  },
  fixes: {
    truncation: [chunked],
    broken: [
      {
        id: "add_header",
        title: "add_header: remove the framing fields, which nginx sets itself",
        when: (context) => framingLines(context).length > 0,
        change: (context) => removeLines(context, framingLines(context)),
        cost: null,
      },
      chunked,
    ],
    altered: [
      keptField("add_header", "add_header: remove it, so that the application's own field stays unchanged"),
      keptField("proxy_hide_header", "proxy_hide_header: remove it, so that the application's own field is passed on"),
      keptField("more_set_headers", "more_set_headers: remove it, so that the application's own field stays unchanged"),
      keptField("more_clear_headers", "more_clear_headers: remove it, so that the application's own field is passed on"),
      {
        ...off(
          "charset",
          "charset off: leave the Content-Type unchanged",
          "the Content-Type of this location's responses no longer has a charset",
        ),
        part: true,
      },
    ],
  },
  signs: [{ directive: "add_header", like: ([field = "", value = ""]) => /^content-type$/i.test(field) && isEventStream(value) }],
  beliefs: [
    { directive: "add_header", like: /^transfer-encoding /i, belief: "send the response in chunks" },
    { directive: "chunked_transfer_encoding", belief: "send each event immediately" },
    { directive: "add_header", like: /^content-type text\/event-stream/i, belief: "make the response an event stream" },
  ],
};
