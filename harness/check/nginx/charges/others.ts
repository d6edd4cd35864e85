// What changes bytes or header fields, keeps a connection that nobody reads, or stands in the way of uploads and WebSockets.
import type { Charge } from "../charge.ts";
import { tiers } from "../charge.ts";
import { valueOf } from "../scene.ts";
import { filters, oldProtocol } from "./delivery.ts";

export const framing = /^(?:content-type|content-length|content-encoding|transfer-encoding)$/i;

const rewrites = filters.map((charge): Charge => ({ ...charge, says: "changes the body" }));

export const altered: Charge[] = [
  ...rewrites,
  {
    directive: "add_header",
    guilty: ([field]) => framing.test(field ?? ""),
    says: "adds a second field to the application's own",
  },
  {
    directive: "proxy_hide_header",
    guilty: ([field]) => framing.test(field ?? ""),
    says: "takes away what tells the client how to read the body",
  },
  ...["more_set_headers", "more_clear_headers"].map((directive): Charge => ({
    directive,
    guilty: (args) => args.some((field) => framing.test(field.split(":", 1)[0] ?? "")),
    says: "changes how the client reads the body",
  })),
  { directive: "charset", says: "changes the Content-Type", instead: "charset off;" },
  { directive: "slice", says: "asks for the response in pieces", instead: "slice 0;" },
];

export const disconnect: Charge[] = [
  {
    directive: "proxy_ignore_client_abort",
    guilty: ([value]) => value === "on",
    says: "keeps the application streaming to a client that has left",
    instead: "proxy_ignore_client_abort off;",
  },
  { directive: "proxy_cache", says: "goes on filling its store when the client has left", instead: "proxy_cache off;" },
  { directive: "proxy_store", says: "goes on filling its file when the client has left", instead: "proxy_store off;" },
  { directive: "mirror", says: "keeps the request alive for its copy", instead: "mirror off;" },
];

const collects = "collects the whole upload before the application sees any of it";

export const upload: Charge[] = [
  {
    directive: "client_max_body_size",
    guilty: ([size]) => size !== "0",
    says: "refuses what is larger",
    instead: "client_max_body_size 0;",
  },
  { directive: "mirror", says: `has nginx wait: its copy ${collects}`, instead: "mirror off;", group: "mirror" },
  { directive: "client_body_in_file_only", says: collects, instead: "client_body_in_file_only off;" },
  { directive: "modsecurity", says: collects, instead: "modsecurity off;", group: "filter" },
  { directive: "lua_need_request_body", says: collects, instead: "lua_need_request_body off;" },
  {
    directive: "proxy_request_buffering",
    guilty: ([value]) => value === "on",
    says: collects,
    instead: "proxy_request_buffering off;",
    group: "buffering",
  },
  ...oldProtocol(() => collects, "protocol"),
  {
    lacks: "proxy_request_buffering off",
    when: (scene) => valueOf(scene, "proxy_request_buffering") === null,
    says: `is not set: nginx ${collects}`,
    instead: "proxy_request_buffering off;",
    group: "buffering",
  },
  {
    lacks: "client_max_body_size",
    when: (scene) => valueOf(scene, "client_max_body_size") === null,
    says: "is not set: nginx refuses more than 1 MB",
    instead: "client_max_body_size 0;",
    tier: tiers.last,
  },
];
