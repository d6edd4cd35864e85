// What authors write of servers and middlewares.
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Server } from "node:net";
import type { ClientProtocol, FurtherProtocol } from "../model/script.ts";
import type { DocumentedLimit } from "./limit.ts";

/** Options of a variant: plain data, since they are passed to the hop's process. */
export type Options = Record<string, string | number | boolean | null>;

/** A hop's place in the chain. */
export interface Place {
  /** The neighbor nearer the origin, e.g. `http://web:8000`. */
  upstream: URL;
  options: Options;
}

export interface Variant {
  /** One line: what is special about it. */
  title: string;
  options?: Options;
  /** The longest silence or wait that this variant allows, if known: a trial then waits just long enough. */
  limitMs?: number;
  /** Its documented timeouts, in place of the server's. */
  limits?: DocumentedLimit[];
}

/** A server whose code runs in Node: an HTTP handler (which can host middlewares) or a whole server (which cannot). */
export type NodeServer = NodeBasics & (NodeHandler | WholeNodeServer);

/** Its host listens for plain HTTP/1.1. */
interface NodeHandler {
  handler: (place: Place) => RequestListener | Promise<RequestListener>;
  server?: undefined;
  clients?: undefined;
}

interface WholeNodeServer {
  server: (place: Place) => Server | Promise<Server>;
  /** What clients can speak to it, all on its one port. */
  clients: readonly ClientProtocol[];
  handler?: undefined;
}

interface NodeBasics {
  kind: "node";
  title: string;
  link: string;
  /** The npm packages that it wraps, as `npm install` takes them (`name`, or `alias@npm:name@3`); none for Hopwise's own servers. Their
   *  versions are reported. If one is not installed, the server is unsupported, provided that only `handler` imports it:
   *  `const { createProxy } = await import("…")`. */
  package?: string | string[];
  /** What its documentation says of the timeouts of its default configuration. */
  limits?: DocumentedLimit[];
  variants: Record<string, Variant> & { default: Variant };
}

/** One of a server's ports, and what its clients speak there. */
export interface Listener {
  protocol: FurtherProtocol;
  port: number;
}

/** Input for a server's files. */
export interface Render extends Place {
  /** The port to listen on for HTTP/1.1, on all addresses. */
  listenPort: number;
  /** Further ports, where the clients of a scenario speak something else: of what the server's `clients` names. */
  listeners: readonly Listener[];
  /** A PEM file with a key and its certificate, for the listeners with TLS. */
  certificate: string;
  /** The server's own writable folder. */
  folder: string;
  /** True in a container, where files have their usual paths and processes may run as root. */
  contained: boolean;
}

export type ReloadSignal = "SIGHUP" | "SIGUSR1" | "SIGUSR2";

/** A server with its own binary: nginx, HAProxy … */
export interface BinaryServer {
  kind: "binary";
  title: string;
  link: string;
  binary: string;
  /** How it prints its version: arguments, and a pattern whose first group is the version. */
  version: { args: string[]; pattern: RegExp };
  /** How to build it without a registry: a Debian release and packages. */
  debian: { release: string; packages: string[] };
  /** Versions by their name in a chain (`nginx@1.22`), each with its Debian release, including the one above. */
  versions?: Record<string, { release: string; packages?: string[] }>;
  /** What changed for streams, as a clause, by the version in which it did: a build stands in for another version only if none lies between. */
  changes?: Record<string, string>;
  /** The public image, for `--image` and for people who can pull. */
  image: string;
  /** What clients can speak to it: `files` writes a listener for each of them. */
  clients: readonly ["h1", ...FurtherProtocol[]];
  /** How its clock can run faster, so that minute-long timeouts are measured in seconds: `libfaketime`, preloaded in its container
   *  (limits: docs/time-compression.md). Absent: scenarios with a time scale cannot use it. */
  clock?: "libfaketime";
  /** What it is called where its binary's name says too little: that of an application is its interpreter's. */
  name?: string;
  /** What it starts is installed only where this finds a version: its binary is a program that starts others. */
  isProvenByVersion?: boolean;
  /** Added to the little that a server is given of it. */
  environment?: (render: Render) => Record<string, string>;
  /** A path: it is ready when it answers there with a status below 500. Default: when it accepts connections. */
  readiness?: string;
  /** What its documentation says of the timeouts of its default configuration. */
  limits?: DocumentedLimit[];
  /** What makes it reload its configuration or its code, with its port kept open: a signal, or a command that is run beside it. Absent: it
   *  has none. */
  reload?: ReloadSignal | ((render: Render) => string[]);
  /** Files by name, relative to the folder. */
  files: (render: Render) => Record<string, string>;
  /** Arguments that run it in the foreground. */
  args: (render: Render) => string[];
  /** Arguments that only check the configuration, and the pattern of the line with the error. */
  check?: {
    args: (render: Render) => string[];
    problem: RegExp;
    /** Errors which mean that this build lacks a module: the variant is then unsupported, which is no author's error. */
    lacks?: RegExp;
  };
  variants: Record<string, Variant> & { default: Variant };
}

export type ServerDefinition = NodeServer | BinaryServer;

/** Connect-style: works in any Node server, so that any middleware can be tested. */
export type ConnectMiddleware = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

export interface MiddlewareDefinition {
  title: string;
  link: string;
  /** As in a server. */
  package?: string | string[];
  create: (options: Options) => ConnectMiddleware | Promise<ConnectMiddleware>;
  variants: Record<string, Variant> & { default: Variant };
}
