// Connections to clients and upstreams: how long they stay, and what ends them.
import { undo } from "../changes.ts";
import { linesOf, isOn, speaksHttp10, millisecondsOf } from "../context.ts";
import { removeLines } from "../lines.ts";
import type { Family } from "../rules.ts";

const staysOpen = "keep the stream's connection open";

const notCut = "keep a silent stream from being cut";

/** In milliseconds. */
const tenMinutesMs = 600_000;

export const isLong = (time: string): boolean => (millisecondsOf(time) ?? 0) >= tenMinutesMs;

export const connections: Family = {
  pages: { ngx_core_module: "worker_shutdown_timeout" },
  suspects: {
    disconnect: [
      {
        directive: "proxy_ignore_client_abort",
        matches: ([value]) => value === "on",
        says: "keeps the application streaming to a client that has left",
        instead: undo("proxy_ignore_client_abort off;"),
        alone: () => true,
      },
    ],
    reload: [{ directive: "worker_shutdown_timeout", says: "cuts the streams that outlast a reload", alone: () => true }],
  },
  fixes: {
    disconnect: [
      {
        id: "proxy_ignore_client_abort",
        title: "proxy_ignore_client_abort off: let the application notice that the client has left",
        when: (context) => isOn(context, "proxy_ignore_client_abort"),
        change: undo("proxy_ignore_client_abort off;"),
        cost: "work that should be finished for a client that has left is aborted",
        part: true,
      },
    ],
    reload: [
      {
        id: "worker_shutdown_timeout",
        title: "worker_shutdown_timeout: remove it, so that old workers finish their streams",
        when: (context) => linesOf(context, "worker_shutdown_timeout").length > 0,
        change: (context) => removeLines(context, linesOf(context, "worker_shutdown_timeout")),
        cost: "after a reload the old workers stay until their last stream has ended",
      },
    ],
  },
  beliefs: [
    { directive: "add_header", like: /^connection /i, belief: staysOpen, isOfTime: true },
    { directive: "keepalive_timeout", like: (time) => time === "0" || isLong(time), own: true, belief: staysOpen, isOfTime: true },
    { directive: "proxy_set_header", like: /^connection (?:keep-alive)?$/i, when: speaksHttp10, belief: staysOpen, isOfTime: true },
    { directive: "proxy_ignore_client_abort", like: /^on$/, belief: staysOpen, isOfTime: true },
    { directive: "proxy_socket_keepalive", like: /^on$/, own: true, belief: notCut, isOfTime: true },
  ],
};
