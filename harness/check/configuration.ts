// A user's configuration, whatever server reads it: what is put where, which routes it has, and what might be changed in it. Pure data.

/** Where something stands. `file` is the path as the user gave it; lines and columns count from 1, offsets are those of the file's text. */
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
}

/** Something that stands in for what is not there; all are printed. */
export interface Overlay {
  /** What was put where, in a few words, e.g. `a certificate for app.example at /etc/ssl/app.pem`. */
  what: string;
  /** Why, e.g. `deploy/nginx.conf:12 names it and it is not there`. */
  why: string;
  place: Place | null;
}

/** A file or folder that the container gets beside the user's own. */
export type OverlayEntry =
  | { kind: "file"; target: string; body: string | Uint8Array; mode?: number }
  | { kind: "folder"; target: string; mode?: number }
  /** A certificate made on the spot, for these names; `keyTarget` may be the same file. */
  | { kind: "certificate"; certificateTarget: string; keyTarget: string; names: string[] };

/** What cannot be stood in for, and is not checked. */
export interface LeftOut {
  /** The directive, e.g. `fastcgi_pass unix:/run/php.sock`. */
  what: string;
  why: string;
  place: Place;
}

/** A neighbour nearer the origin, as the configuration names it: the lab listens there in its place. */
export interface Upstream {
  /** A name or an address, e.g. `web`; the lab is known to the container by it. */
  host: string;
  port: number;
  /** `https`: the lab's origin is reached by TLS, which cannot be looked into. */
  scheme: "http" | "https";
  place: Place;
}

export interface Route {
  /** Unique, short and stable, e.g. `app.example/events`. */
  id: string;
  /** The block that proxies. */
  place: Place;
  /** As it stands there, e.g. `location /events`. */
  title: string;
  port: number;
  /** Where that port is reached in the container, if not there: another listener is. */
  door?: number;
  tls: boolean;
  http2: boolean;
  /** Of the Host header and of TLS's server name. */
  host: string;
  /** A path that this block serves, e.g. `/events`, `/events/x` or `/a.php`. */
  path: string;
  /** Keys (`host:port`) of the upstreams that it may forward to. */
  upstreams: string[];
}

/** A port of the container from which an address of the deployment's own is reached. */
export interface Door {
  address: string;
  port: number;
  door: number;
}

/** Text `start`…`end` of a file's own text gives way to `text`. */
export interface Edit {
  file: string;
  start: number;
  end: number;
  text: string;
}

export interface Configuration {
  /** The file that the server is started with. */
  main: string;
  files: ConfigFile[];
  entries: OverlayEntry[];
  overlays: Overlay[];
  leftOut: LeftOut[];
  upstreams: Upstream[];
  /** Name servers that it asks itself. */
  resolvers?: { host: string; port: number }[];
  /** Debian's packages of the modules that it uses, for an image that Hopwise builds. */
  packages?: { name: string; place: Place }[];
  /** Further names that must have an address for it to start. */
  hosts?: { host: string }[];
  /** By route: header fields without which it refuses every request. */
  requestHeaders?: Record<string, [name: string, value: string][]>;
  /** Requests that the server sends beside the client's, which must be answered with success. */
  subrequests?: { path: string | null }[];
  routes: Route[];
  /** Where it is reached. */
  ports: number[];
  /** Of these the ones that lead to addresses of its own. */
  doors?: Door[];
  /** Addresses of its own that it listens on. */
  addresses?: { address: string }[];
  /** What really runs, e.g. `nginx/1.26.3`; unknown before it was started. */
  version?: string;
  /** Variables that a template was filled in with. */
  variables: Record<string, string>;
}

/** What was seen to be wrong on a route: where the search for a line begins. */
export interface Symptom {
  facet: "delivery" | "headers" | "ending" | "source" | "integrity" | "disconnect";
  /** The finding's member, e.g. `buffered`. */
  member: string;
  /** Of an ending: `idle-limit`, `origin-abort` …; else null. */
  cause: string | null;
  /** What the trial asked with: the verdict may hang on it. */
  acceptEncoding: string | null;
  cacheControl: string | null;
  contentType: string;
  /** Of a limit, in milliseconds of the server's own clock. */
  limitMs: number | null;
}

/** Something in the configuration that may be the cause, and how to take it out of the game. */
export interface Suspect {
  /** Unique within one search, e.g. `gzip_types@nginx.conf:12`. */
  id: string;
  /** The line to blame; of an absent directive the block that lacks it. */
  place: Place;
  /** As it stands there, or the name of what is absent, e.g. `gzip_types text/event-stream`. */
  directive: string;
  absent: boolean;
  /** What it does if guilty, behind the directive, e.g. `holds the stream to its end when the client accepts gzip`. */
  says: string;
  /** Its partner, where only both together do it: then the edits take out both. */
  with?: { place: Place; directive: string };
  /** The experiment: without it. */
  edits: Edit[];
  link: string;
}

/** A change that may cure, smallest first. */
export interface Remedy {
  id: string;
  /** What it does, as a headline, e.g. `take text/event-stream out of gzip_types`. */
  title: string;
  edits: Edit[];
  /** What it may cost, to be measured: facets or trials to look at, in words. */
  cost: string | null;
  link: string;
}

/** Only the application can do it: response header fields that it has to send. */
export interface ApplicationRemedy {
  id: string;
  title: string;
  headers: [name: string, value: string][];
  link: string;
}

/** A line that is said to help and may do nothing: tried by taking it away. */
export interface FolkCure {
  id: string;
  place: Place;
  directive: string;
  /** What it is believed to do, e.g. `tell nginx not to buffer`. */
  belief: string;
  /** Why it does not, where that is known. */
  because?: string;
  edits: Edit[];
  link: string;
}

export interface Means {
  upgrade: boolean;
  upload: boolean;
  brotli: boolean;
}

/** A server's own knowledge: how its configuration is read, and what in it can be to blame. */
export interface Dialect<C extends Configuration = Configuration> {
  id: string;
  /** What a route says that it is to do beside passing responses on: only that is tried. */
  means: (configuration: C, route: Route) => Means;
  /** What a file holds in the container: a template is filled in. */
  contentOf: (configuration: C, file: ConfigFile) => Uint8Array;
  suspects: (configuration: C, route: Route, symptom: Symptom) => Suspect[];
  remedies: (configuration: C, route: Route, symptom: Symptom) => (Remedy | ApplicationRemedy)[];
  folkCures: (configuration: C, route: Route) => FolkCure[];
  /** The line that a refusal of the server's is about, where that says none. */
  refusedLine: (configuration: C, refusal: string) => Pick<Place, "file" | "line"> | null;
}
