// A user's configuration, independent of the server: its files, its routes, and what may be changed in it. Pure data.
import type { LimitKind } from "../define/limit.ts";
import type { RelayOrder } from "../lab/protocol.ts";
import type { Delivery, Disconnect, Ending, EndingCause, Headers, Integrity, Source } from "../model/verdict.ts";

/** A place in a file. `file` is the path as the user gave it; lines and columns count from 1, offsets are those of the file's text. */
export interface Place {
  file: string;
  line: number;
  column: number;
  start: number;
  end: number;
}

/** One file of the user's, unmodified. */
export interface ConfigFile {
  /** As the user would name it, e.g. `deploy/conf.d/app.conf`. */
  path: string;
  /** Where the server finds it, e.g. `/etc/nginx/conf.d/app.conf`. */
  target: string;
  /** Null for a file that is only passed on (a certificate, a page). */
  text: string | null;
  bytes: Uint8Array;
  /** Variables of any name are filled in, not those in capitals alone. */
  template?: boolean;
  /** It stands in what was given, and is no file of its own: it cannot be written to. */
  isCopy?: true;
}

/** What is replaced so that the configuration can run; all are printed. */
export interface Stub {
  /** What was put where, in a few words, e.g. `a certificate for app.example at /etc/ssl/app.pem`. */
  what: string;
  /** Why, e.g. `deploy/nginx.conf:12 names it and it is not there`. */
  why: string;
  place: Place | null;
  /** Of the entries that it consists of. */
  targets?: string[];
}

/** A file or folder that the container gets besides the user's own; `isIncluded`: the configuration includes it. */
export type StubEntry =
  | { kind: "file"; target: string; body: string | Uint8Array; mode?: number; isIncluded?: true }
  | { kind: "folder"; target: string; mode?: number }
  /** A certificate that is made for these names; `keyTarget` may be the same file. */
  | { kind: "certificate"; certificateTarget: string; keyTarget: string; names: string[] }
  /** A list of revoked certificates of the authority that is made for these names. */
  | { kind: "revocations"; target: string; names: string[] };

/** What cannot be replaced, and is not checked. */
export interface NotChecked {
  /** The directive, e.g. `fastcgi_pass unix:/run/php.sock`. */
  what: string;
  why: string;
  place: Place;
}

/** A scripted upstream: the lab listens in place of a server that the configuration names. */
export interface Upstream {
  /** A name or an address, e.g. `web`; the lab is known to the container by it. */
  host: string;
  port: number;
  /** `https`: it is reached by TLS. */
  scheme: "http" | "https";
  /** What the server speaks to it; default: HTTP/1. */
  speaks?: RelayOrder["speaks"];
  /** The path of its socket: then the host is `unix:<path>`, and there is no port. */
  socket?: string;
  /** Its host gets nothing but copies of requests: the lab gives it an address of its own, so that none is taken for a second attempt. */
  isForCopies?: true;
  place: Place;
}

export const upstreamKey = ({ host, port, socket }: Pick<Upstream, "host" | "port" | "socket">): string =>
  socket === undefined ? `${host}:${port}` : host;

/** Where a client reaches a route. */
export interface Listener {
  port: number;
  /** Where that port is reached in the container, if not there: another listener is. */
  viaPort?: number;
  tls: boolean;
  http2: boolean;
  /** HTTP/3 is offered on the same UDP port. */
  http3?: true;
}

/** Of a link that the server verifies. */
export interface Signature {
  /** As it stands in the request of a route. */
  made: string;
  /** What it is made of; a client's address in it is a stub. */
  of: string;
  encoding: "base64url" | "hex";
}

export interface Route extends Listener {
  /** Unique, short and stable, e.g. `app.example/events`. */
  id: string;
  /** The block that proxies. */
  place: Place;
  /** As it stands there, e.g. `location /events`. */
  title: string;
  /** Further listeners on which the same request comes there, e.g. one with TLS beside a plain one. */
  others?: Listener[];
  /** Of the Host header and of TLS's server name. */
  host: string;
  /** A path that this block serves, e.g. `/events`, `/events/x` or `/a.php`. */
  path: string;
  /** The same without what is not shown, a signature. */
  shownPath?: string;
  /** Path and query are sent as they are: all of it is signed. */
  isUnmarked?: true;
  /** Keys (`host:port`) of the upstreams that it may forward to. */
  upstreams: string[];
  /** The user named its path: its place among those. */
  named?: number;
}

/** A port of the container from which an address of the deployment's own is reached. */
export interface PortForward {
  address: string;
  port: number;
  viaPort: number;
}

/** Replaces `start`…`end` of a file's own text with `text`. */
export interface Edit {
  file: string;
  start: number;
  end: number;
  text: string;
}

/** What it takes to run a configuration: its files, the stubs, and the server's surroundings. */
export interface Deployment {
  /** The file that the server is started with. */
  main: string;
  /** After the program's name. */
  args: string[];
  files: ConfigFile[];
  entries: StubEntry[];
  stubs: Stub[];
  notChecked: NotChecked[];
  upstreams: Upstream[];
  /** Name servers that the server queries itself. */
  resolvers?: { host: string; port: number }[];
  /** Debian's packages of the modules that it uses, for an image that Hopwise builds. */
  packages?: { name: string; place: Place }[];
  /** Further names that must have an address for it to start. */
  hosts?: { host: string }[];
  /** Names that the certificate of upstreams by TLS is made for. */
  certifiedNames?: string[];
  /** By route: header fields without which it refuses every request. */
  requestHeaders?: Record<string, [name: string, value: string][]>;
  /** Of the links that its requests have. */
  signatures?: Signature[];
  /** Subrequests of the server, which must be answered with success. */
  subrequests?: { path: string | null }[];
  /** Where it is reached. */
  ports: number[];
  /** Of these the ones that lead to addresses of its own. */
  portForwards?: PortForward[];
  /** Addresses of its own that it listens on. */
  addresses?: { address: string }[];
}

/** What is wrong: a member of one facet, or what only the whole trial shows. */
export type Anomaly =
  | { facet: "delivery"; member: Delivery["member"] }
  | { facet: "headers"; member: Headers["member"] }
  /** `limitMs`: of a timeout, in milliseconds of the server's own clock, off by about `uncertaintyMs`. */
  | { facet: "ending"; member: Ending["member"]; cause: EndingCause | null; limitMs: number | null; uncertaintyMs?: number }
  | { facet: "source"; member: Source["member"] }
  | { facet: "integrity"; member: Integrity["member"] }
  | { facet: "disconnect"; member: Disconnect["member"] }
  /** The route does not do what it is used for. */
  | { feature: "upgrade" | "upload" }
  /** A stream is cut when the server reloads. */
  | { during: "reload" }
  /** Of streams that one address opens at once: the first that is delayed (by up to so much) or refused; `refusedNth`: the first that is
   *  refused, with this status. */
  | { during: "crowd"; nth: number; refusedNth: number | null; status: number | null; delayMs: number }
  /** The server answers by itself after some requests have failed. */
  | { during: "outage" };

/** What the trial asked with: what is wrong may depend on it. */
export interface AskedWith {
  acceptEncoding: string | null;
  cacheControl: string | null;
  contentType: string;
  /** Default: GET. */
  method?: string;
}

/** Which server of a chain shows it. Absent: there is one server, or it is not known. */
export interface ShownBy {
  hop?: string;
}

/** What was seen to be wrong on a route: where the search for a line begins. */
export type Symptom = Anomaly & AskedWith & ShownBy;

/** What is known of a suspect without an experiment. */
export interface Known {
  /** The directive's own name, e.g. `gzip_types`: the name that fixes say they act on. */
  name: string;
  /** Of an absent directive: what the server does without it, e.g. `on`. */
  instead?: string;
  /** How the configuration makes it so, where that does not show in the line, e.g. `hides the lines of the blocks around it`. */
  because?: string;
  /** What else must be so, each a clause after "if", e.g. `nginx is older than 1.29.7`. */
  provided: string[];
}

/** Something in the configuration that may be the cause, and the edits that remove its effect. */
export interface Suspect {
  /** Unique within one search, e.g. `gzip_types@nginx.conf:12`. */
  id: string;
  /** The line to blame; of an absent directive the block that lacks it. */
  place: Place;
  /** As it stands there, or the name of what is absent, e.g. `gzip_types text/event-stream`. */
  directive: string;
  absent: boolean;
  /** What it does if it is the culprit, as a clause after the directive, e.g. `buffers the stream`. */
  says: string;
  /** Its partner, where only both together cause it: then the edits remove both. */
  with?: { place: Place; directive: string };
  /** The experiment: without it. */
  edits: Edit[];
  /** Present if it was measured to cause this by itself: then it is also predicted where nothing can run. */
  known?: Known;
  link: string;
}

/** A change that may fix, smallest first. */
export interface Fix {
  id: string;
  /** What it does, the directive first, e.g. `gzip_types: remove text/event-stream`. */
  title: string;
  edits: Edit[];
  /** What it may cost, to be measured: facets or trials to look at, in words. */
  cost: string | null;
  /** Names of the directives whose known effect it ends. */
  against: string[];
  link: string;
}

/** A fix in the application: response header fields that it has to send. */
export interface ApplicationFix {
  id: string;
  title: string;
  headers: [name: string, value: string][];
  link: string;
}

/** A line that is believed to help and may have no effect: tried by removing it. */
export interface NoEffectCandidate {
  id: string;
  place: Place;
  directive: string;
  /** What it is believed to do, e.g. `disable buffering`. */
  belief: string;
  /** It is about how long something lasts: trials that wait for timeouts, and a reload, show whether it has an effect. */
  isOfTime?: true;
  /** Why it does not, where that is known. */
  because?: string;
  /** For whom it does have an effect, a clause of its own. */
  elsewhere?: string;
  edits: Edit[];
  link: string;
}

/** A timeout that is in effect for a route. */
export interface RouteLimit {
  kind: LimitKind;
  /** The directive by which the catalog's list of the server's limits knows it, e.g. `proxy_read_timeout`. */
  known: string;
  /** The directive that counts on this route, e.g. `uwsgi_read_timeout`. */
  directive: string;
  /** Null: it is not set, so that the server's default holds. `ms`: null where the value cannot be read; `directive`: as written. */
  set: { ms: number | null; directive: string; place: Place } | null;
  link: string;
}

/** What decides where the bytes are kept that are ahead of a slow client. */
export interface Keeping {
  /** As it stands there; with "is not set" where the default holds. */
  directive: string;
  place: Place | null;
  /** What it does, a clause. */
  says: string;
  /** In a file that the server keeps: it is no temporary one, and how much of it is in there is not measured. */
  isKeptAfterwards?: true;
}

/** What a route is used for besides passing responses on. */
export const uses = ["upgrade", "upload", "brotli"] as const;

export type Use = (typeof uses)[number];

/** And how it does that: which trials it is put through depends on it. */
export const features = [...uses, "slow-clients", "limited-rate"] as const;

export type Feature = (typeof features)[number];
