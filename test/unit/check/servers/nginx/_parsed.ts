// A whole configuration out of what is interesting in it, and what was seen there.
import type { Anomaly, AskedWith, ConfigFile, Route, Symptom } from "../../../../../harness/check/configuration.ts";
import type { Ending, EndingCause } from "../../../../../harness/model/verdict.ts";
import type { Parsed } from "../../../../../harness/check/servers/nginx/context.ts";
import { everyDirective, find, parse } from "../../../../../harness/check/servers/nginx/tree.ts";

export const fileName = "nginx.conf";

/** Line 1 is the first one of `text`, which holds the whole of it. */
export const parsed = (text: string, version = "nginx/1.26.3"): Parsed => {
  const roots = parse(fileName, text);
  const file: ConfigFile = { path: fileName, target: `/etc/nginx/${fileName}`, text, bytes: Buffer.from(text) };
  const blocks = everyDirective(roots).filter((directive) => directive.block && find(directive, "proxy_pass"));
  const routes = blocks.map(({ place, name, args }): Route => ({
    id: [name, ...args].join(" "),
    place,
    title: [name, ...args].join(" "),
    port: 80,
    tls: false,
    http2: false,
    host: "localhost",
    path: "/",
    upstreams: [],
  }));
  return {
    main: fileName,
    args: [],
    files: [file],
    entries: [],
    stubs: [],
    notChecked: [],
    upstreams: [],
    routes,
    ports: [80],
    variables: {},
    version,
    tree: { roots },
  };
};

/** What stands at each level, one directive in a row: `main`, `http`, `server`, `location`. */
export interface Levels {
  main?: string[];
  http?: string[];
  server?: string[];
  location?: string[];
}

const indented = (lines: string[] = [], by: number): string => lines.map((line) => `${" ".repeat(by)}${line}\n`).join("");

export const nginxConf = ({ main, http, server, location }: Levels): string => `${indented(main, 0)}events {}
http {
${indented(http, 2)}  server {
${indented(server, 4)}    location /events {
${indented(location, 6)}      proxy_pass http://127.0.0.1:8000;
    }
  }
}
`;

export const routeOf = ({ routes }: Parsed): Route => {
  const [route] = routes;
  if (!route) throw new Error("there is no route in it");
  return route;
};

export const seen = <A extends Anomaly>(anomaly: A & Partial<AskedWith>): A & AskedWith => ({
  acceptEncoding: null,
  cacheControl: null,
  contentType: "text/event-stream",
  ...anomaly,
});

/** `limitMs`: of a timeout. */
const ended = (member: Ending["member"], cause: EndingCause, limitMs: number | null = null) =>
  seen({ facet: "ending", member, cause, limitMs });

const gzip = { acceptEncoding: "gzip" };

/** One of each kind that nginx has causes for. */
export const symptoms = {
  buffered: seen({ facet: "delivery", member: "buffered" }),
  "buffered for gzip": seen({ facet: "delivery", member: "buffered", ...gzip }),
  "buffered for brotli": seen({ facet: "delivery", member: "buffered", acceptEncoding: "br" }),
  lagging: seen({ facet: "delivery", member: "lagging" }),
  held: seen({ facet: "headers", member: "held" }),
  "cut when silent": ended("truncated-visibly", "idle-timeout", 60_000),
  "cut before the first byte": ended("error-response", "first-byte-timeout", 5000),
  "limited, timed out": ended("truncated-visibly", "unclassified", 10_000),
  "truncated silently": ended("truncated-silently", "origin-abort"),
  refused: ended("error-response", "own"),
  hung: ended("hung", "own"),
  cached: seen({ facet: "source", member: "cached" }),
  "cached against no-store": seen({ facet: "source", member: "cached", cacheControl: "no-store" }),
  collapsed: seen({ facet: "source", member: "collapsed" }),
  stale: seen({ facet: "source", member: "stale" }),
  revalidated: seen({ facet: "source", member: "revalidated" }),
  "requested again": seen({ facet: "source", member: "retried" }),
  altered: seen({ facet: "integrity", member: "altered" }),
  lost: seen({ facet: "disconnect", member: "not-propagated" }),
  "cut by a reload": seen({ during: "reload" }),
  "not upgraded": seen({ feature: "upgrade" }),
  "upload held": seen({ feature: "upload" }),
  "one too many": seen({ during: "crowd", nth: 3, refusedNth: 3, status: 503, delayMs: 0 }),
  "one too soon": seen({ during: "crowd", nth: 2, refusedNth: null, status: null, delayMs: 498.2 }),
} satisfies Record<string, Symptom>;

export type Seen = keyof typeof symptoms;
