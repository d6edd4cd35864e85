// What authors write: servers, middlewares, scenarios. Each is one file that default-exports one object; the file's name is its id.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Server } from "node:net";
import type { BodyFormat, Filler } from "./model/body.ts";
import type { AbortHow, Alpn, HeaderList, HttpVersion, OriginFraming, Upload } from "./model/script.ts";

/** Options of a variant: plain data, since they cross into the hop's own process. */
export type Options = Record<string, string | number | boolean | null>;

/** What a hop needs to know of its place in the chain. */
export interface Place {
  /** The neighbour nearer the origin, e.g. `http://web:8000`. */
  upstream: URL;
  options: Options;
}

export interface Variant {
  /** One line: what is special about it. */
  title: string;
  options?: Options;
  /** Longest silence or wait that this variant allows, where it is known: lets a trial wait just long enough. */
  limitMs?: number;
}

/** A server whose code runs in Node: an HTTP handler (which can host middlewares) or a whole server (which cannot). */
export interface NodeServer {
  kind: "node";
  title: string;
  link: string;
  /** The npm packages that it wraps, as npm is asked for them (`name`, or `alias@npm:name@3`); none for a server of Hopwise's own. Their
   *  versions are reported. Where one is not installed the server is unsupported, if only `handler` imports it:
   *  `const { createProxy } = await import("…")`. */
  package?: string | string[];
  handler?: (place: Place) => RequestListener | Promise<RequestListener>;
  server?: (place: Place) => Server | Promise<Server>;
  variants: Record<string, Variant> & { default: Variant };
}

/** What a foreign server's files are made of. `listen` is the port to listen on, on all addresses. */
export interface Render extends Place {
  listenPort: number;
  /** A folder of its own that it may write to. */
  folder: string;
  /** True in a container, where files live at their usual places and processes may be root's. */
  contained: boolean;
}

/** A server with a binary of its own: nginx, HAProxy … */
export interface BinaryServer {
  kind: "binary";
  title: string;
  link: string;
  binary: string;
  /** How it tells its version: arguments, and a pattern whose first group is the version. */
  version: { args: string[]; pattern: RegExp };
  /** The way without a registry: a Debian release with the packages to install. */
  debian: { release: string; packages: string[] };
  /** Further versions by the name that a chain gives them (`nginx@1.22`), each with the Debian release that has it, the one above included. */
  versions?: Record<string, { release: string; packages?: string[] }>;
  /** The public image, for `--image` and for people who can pull. */
  image: string;
  /** How its clock can be run faster, so that limits of minutes are measured in seconds: `libfaketime`, preloaded in its container
   *  (docs/time-compression.md says what that does not reach). Without it no scenario with a time scale can run it. */
  clock?: "libfaketime";
  /** Files by name, relative to the folder. */
  files: (render: Render) => Record<string, string>;
  /** Arguments that run it in the foreground. */
  args: (render: Render) => string[];
  /** Arguments that only check the configuration, and the pattern of the line that tells what is wrong. */
  check?: {
    args: (render: Render) => string[];
    problem: RegExp;
    /** Of these, what means that this build lacks a module: then the variant is unsupported, and its author not to blame. */
    lacks?: RegExp;
  };
  variants: Record<string, Variant> & { default: Variant };
}

export type ServerDefinition = NodeServer | BinaryServer;

/** Connect-style: works in any Node server, so that anyone's middleware can be put under test. */
export type ConnectMiddleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

export interface MiddlewareDefinition {
  title: string;
  link: string;
  /** As a server's. */
  package?: string | string[];
  create: (options: Options) => ConnectMiddleware | Promise<ConnectMiddleware>;
  variants: Record<string, Variant> & { default: Variant };
}

/** Sizes in bytes, times in milliseconds. Every field has a default that suits the trial. */
export type Trial =
  /** Record i + 1 is written only after the client confirmed record i; where that fails: paced at two sizes and two gaps, then flooded. */
  | { kind: "lock-step"; recordBytes?: Axis<number>; records?: number }
  /** Records at fixed gaps, nothing waits for anything. */
  | { kind: "paced"; recordBytes?: Axis<number>; records?: number; everyMs?: number }
  /** Lock-step at each size. */
  | { kind: "size-sweep"; recordBytes?: number[] }
  /** The header section is flushed `holdMs` before the first body byte. */
  | { kind: "header-hold"; holdMs?: number }
  /** Nothing at all for `waitMs`, then a short response. */
  | { kind: "first-byte-wait"; waitMs?: number }
  /** One record, then silence; if that is cut at L, heartbeats every L/3 for 3 L tell an idle limit from a total one. With `flowMs` a stream that is
   *  never silent for long flows beside it, for that long: then a limit of the whole is found though silence is cut first, or survives. */
  | { kind: "silence"; silentMs?: number; flowMs?: number }
  /** The origin aborts after half of its records. */
  | { kind: "origin-abort"; how?: AbortHow[] }
  /** The client leaves, by FIN and by RST, with the stream flowing and silent. */
  | { kind: "client-leaving"; noticeMs?: number }
  /** A second client in mid-stream and a third after the end ask for the same URL; `null` sends no Cache-Control. */
  | { kind: "late-joiner"; cacheControl?: (string | null)[] }
  /** HEAD, 204 and 304: framing and stray bytes. */
  | { kind: "bodyless" };

export type TrialKind = Trial["kind"];

/** One value, or several: then the trial is played with each of them, and a verdict that flips is reported as conditional on the axis. */
export type Axis<T> = T | T[];

export interface RequestPlan {
  /** Path and query, default `/stream`. */
  path?: string;
  /** The Host header, and in TLS the server's name. */
  host?: string;
  /** Speaks TLS, and offers this: for a listener of the configuration's own. */
  tls?: Alpn;
  method?: Axis<string>;
  version?: Axis<HttpVersion>;
  /** `gzip`, or null for no Accept-Encoding at all. */
  acceptEncoding?: Axis<string | null>;
  headers?: HeaderList;
  /** A body in pieces; with a method that has one, e.g. POST. */
  upload?: Upload;
}

export interface ResponsePlan {
  /** Default 200. 101 upgrades to WebSocket: what follows are the body's bytes as they are. */
  status?: number;
  format?: Axis<BodyFormat>;
  filler?: Filler;
  contentType?: Axis<string>;
  framing?: OriginFraming;
  version?: HttpVersion;
  headers?: HeaderList;
}

/** An application whose stream the lab's origin plays: what its responses look like. */
export interface OriginDefinition {
  title: string;
  link: string;
  response: ResponsePlan;
}

/** A hop of a chain: `"nginx"`, `"nginx:gzip"`, or with middlewares, named in the direction of the bytes. */
export type HopPlan = string | { server: string; middlewares?: string[]; id?: string };

/** What must hold. Facets that are not named are not required. */
export interface Must {
  deliver?: "incrementally";
  headers?: "promptly";
  /** complete: every record and whole framing. visibly: what is cut must be seen to be cut. */
  end?: "complete" | "visibly";
  source?: "origin";
  integrity?: "intact";
  /** Milliseconds until the origin's connection must be gone after the client left. */
  noticeDisconnectWithinMs?: number;
  /** Milliseconds of silence that must not end the stream. */
  surviveSilenceMs?: number;
}

/** What is known to happen. `culprit` is the id of a hop, `origin` or `client`. */
export interface Does {
  deliver?: "incremental" | "lagging" | "batched" | "buffered";
  headers?: "prompt" | "held";
  end?: "complete" | "incomplete-visible" | "incomplete-silent" | "error-response" | "no-response" | "malformed" | "hung";
  cause?: "origin-abort" | "first-byte-limit" | "idle-limit" | "total-limit";
  source?: "origin" | "cached" | "collapsed" | "revalidated" | "stale" | "asked";
  integrity?: "intact" | "altered";
  disconnect?: "at-once" | "on-next-write" | "late" | "lost";
  culprit?: string;
}

interface ScenarioBase {
  /** A sentence that states an observation. */
  title: string;
  /** In the direction of the bytes: the application, then the hops up to the client. */
  chain: [origin: { app: string }, ...hops: HopPlan[]];
  request?: RequestPlan;
  response?: ResponsePlan;
  trial: Trial;
  /** Runs the clocks of all servers of the chain so many times faster, so that a limit of minutes is measured in seconds; then the times
   *  of the trial and of what must hold are the servers' own. For silence and first-byte-wait, in containers. */
  timeScale?: number;
  /** Runs with the embedded default, `npm start`. */
  showcase?: boolean;
}

export interface Requirement extends ScenarioBase {
  must: Must;
}

export interface Characterization extends ScenarioBase {
  does: Does;
  /** A link to who reported or documented it. */
  because: string;
  /** The id of the scenario with the smallest change that cures it. */
  twin?: string;
}

export type Scenario = Requirement | Characterization;

export const defineServer = (server: ServerDefinition): ServerDefinition => server;
export const defineMiddleware = (middleware: MiddlewareDefinition): MiddlewareDefinition => middleware;
export const defineOrigin = (origin: OriginDefinition): OriginDefinition => origin;
export const defineScenario = (scenario: Scenario): Scenario => scenario;
