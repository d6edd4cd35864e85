// The interface for servers: what one has to implement so that `hopwise check` can check its configurations. One folder in servers/, whose
// index.ts has one default export.
import type {
  ApplicationFix,
  ConfigFile,
  Deployment,
  Edit,
  Feature,
  Fix,
  Keeping,
  NoEffectCandidate,
  NotChecked,
  Place,
  Route,
  RouteLimit,
  Stub,
  StubEntry,
  Suspect,
  Symptom,
} from "./configuration.ts";
import { applyEdits } from "./edits.ts";
import type { Sign } from "./intent.ts";
import type { Build } from "./build.ts";
import type { KubernetesObject } from "./kubernetes.ts";
import type { Packaging } from "../deployment/packaging.ts";

export interface CheckableServer {
  /** Its id in proxies/, which is also the folder's name. */
  id: string;
  /** What its images and packages look like. */
  packaging: Packaging;
  /** Whether a file is a configuration of this server: a whole one, a part that needs others around it, or none. */
  recognizes: (file: GivenFile) => "whole" | "fragment" | "no";
  /** Throws AuthorErrors only. */
  read: (source: ConfigSource, options: RouteOptions) => Promise<CheckedConfig>;
  /** Of Kubernetes, that makes configurations of this server. */
  controller?: Controller;
}

/** A program that makes a server's configuration of objects of Kubernetes. */
export interface Controller {
  /** How to get at what it made, as a command. */
  dump: string;
  /** The main file that it makes of these objects; null: they are not for it. */
  render: (objects: readonly KubernetesObject[]) => Rendered | null;
  /** What an object is and what of it matters for streams, after the file's name; null: it is not for it. */
  about: (object: KubernetesObject) => string | null;
}

export interface Rendered {
  /** Where the main file stands. */
  main: string;
  text: string;
  /** What was done, and after what. */
  what: { what: string; why: string };
  /** What of the objects is not in it. */
  notRendered: { what: string; why: string }[];
}

export interface GivenFile {
  /** As the user would name it. */
  path: string;
  text: string;
}

export type ConfigSource =
  /** A file or a folder on this machine; `given` is relative to `cwd`. */
  | { kind: "path"; given: string; cwd: string }
  /** Files whose places in the container are known, as a deployment says them. */
  | ({ kind: "deployed"; given: string } & DeployedFiles);

export interface DeployedFiles {
  files: ConfigFile[];
  /** The file that the server is started with; if it is not among the files, the image's own, which includes the sites. */
  main: string;
  /** Paths or patterns that the image's own main file includes, e.g. `/etc/nginx/conf.d/*.conf`. */
  sites: readonly string[];
  /** The deployment's folder, for sentences. */
  folder: string;
  /** What it has besides, and could not be read. */
  missing?: readonly { what: string; why: string }[];
}

export interface RouteOptions {
  /** What templates are filled in with. */
  env: Readonly<Record<string, string>>;
  /** Which routes are wanted: of this host, the one that serves this path. */
  host?: string | undefined;
  path?: string | undefined;
  /** What the trials say that they accept; default: anything. */
  accept?: string | undefined;
  /** And as which method they send it; default: GET. */
  method?: string | undefined;
  /** By the name of a variable where only a request says where it leads: what it comes to. */
  upstreams?: Readonly<Record<string, string>> | undefined;
  /** Paths that the user named, of a host or of any, each with what its trials accept: their routes come besides the others. */
  named?: readonly NamedPath[] | undefined;
  /** Further header fields of every request. */
  headers?: readonly (readonly [name: string, value: string])[] | undefined;
  /** Its requests come from another server: nothing is found for their targets, and no signature. */
  isInner?: true | undefined;
}

export interface NamedPath {
  path: string;
  host?: string | undefined;
  accept?: string | undefined;
  /** And as which method they send it; default: GET. */
  method?: string | undefined;
}

/** A configuration that was read. How the server represents it stays private. */
export interface CheckedConfig {
  readonly deployment: Deployment;
  readonly routes: readonly Route[];
  /** What a route says that it is to do besides passing responses on: only that is tried. */
  features: (route: Route) => ReadonlySet<Feature>;
  /** Lines that are only written for a route that streams. */
  signs: (route: Route) => Sign[];
  /** The timeouts in effect for a route. Absent: they cannot be read from this server's configurations. */
  limits?: (route: Route) => RouteLimit[];
  /** How long after a reload the server ends streams that are still open, in milliseconds; null: it lets them finish. Absent: it cannot be read
   *  from this server's configurations. */
  cutsAfterReloadMs?: (route: Route) => number | null;
  /** Absent: it cannot be read from this server's configurations. */
  keeps?: (route: Route) => Keeping | null;
  /** Likeliest first. */
  suspects: (route: Route, symptom: Symptom) => Suspect[];
  /** Smallest first. */
  fixes: (route: Route, symptom: Symptom) => (Fix | ApplicationFix)[];
  /** The routes that lines at these places are in effect for. */
  routesIn: (edits: readonly Edit[]) => readonly Route[];
  noEffectCandidates: (route: Route) => NoEffectCandidate[];
  /** What a file holds in the container: a template is filled in. */
  contentOf: (file: ConfigFile) => Uint8Array;
  /** The line that a refusal is about, where the server's own words do not name it. */
  lineOf: (refusal: string) => Pick<Place, "file" | "line"> | null;
  /** Whether a refusal is about this file of the container. */
  isAbout: (refusal: string, target: string) => boolean;
  /** The same for a build of Hopwise's own, of Debian's packages: without what these cannot do, which is a stub or not checked. */
  forOwnBuild?: (release: string) => CheckedConfig;
  /** What may have been meant by the line of a refusal, as a clause; null where nothing comes to mind. */
  hintFor?: (refusal: string) => string | null;
  /** A changed copy. */
  with: (change: Change) => CheckedConfig;
  /** Present where it is several servers in a row. */
  readonly chain?: Chain;
}

/** A server of the same deployment between the one that clients reach and the application. */
export interface InnerHop {
  /** With the hop's name. */
  build: Build;
  config: CheckedConfig;
  /** Keys of the upstreams of the server in front of it that lead here. */
  upstreams: readonly string[];
}

/** Where a route goes on. */
export interface Next {
  /** Key of the upstream of the server in front of it. */
  upstream: string;
  hop: InnerHop;
  /** In the configuration of that hop. */
  route: Route;
}

export interface Chain {
  /** Of the server that clients reach, by itself. */
  own: CheckedConfig;
  inner: readonly InnerHop[];
  /** Null: it leads to the application. */
  next: (route: Pick<Route, "id">) => Next | null;
}

/** How a copy differs. */
export interface Change {
  edits?: readonly Edit[];
  /** What really runs, e.g. `nginx/1.26.3`; unknown before it was started. */
  version?: string;
  routes?: readonly Route[];
  stubs?: Stub[];
  entries?: StubEntry[];
  notChecked?: NotChecked[];
}

/** What every server does with a change; edited files are not read again. */
export const changedBy = <C extends Deployment & { routes: readonly Route[] }>(configuration: C, { edits, ...others }: Change): C => ({
  ...configuration,
  ...others,
  ...(edits && { files: applyEdits(configuration.files, edits) }),
});
