// Reads a user's nginx configuration: one file or a folder, whole or a fragment, with what it includes.
import { posix } from "node:path";
import { plain } from "../../report/text.ts";
import { AuthorError } from "../../runtime/runtime.ts";
import type { ConfigFile, Configuration, LeftOut, Overlay, OverlayEntry } from "../configuration.ts";
import { understand } from "./given.ts";
import type { Given } from "./given.ts";
import { sitesOfTheImage, wellKnownFiles } from "./image-files.ts";
import { load, parseFile, resolve } from "./includes.ts";
import type { Loading } from "./includes.ts";
import { globTargets, layoutOfFiles, matchesGlob } from "./layout.ts";
import type { FoundFile } from "./layout.ts";
import { mainFor } from "./main-file.ts";
import { needsOf } from "./needs.ts";
import type { Needs } from "./needs.ts";
import { findRoutes } from "./routes.ts";
import type { RouteMap } from "./routes.ts";
import { standInsFor } from "./stand-ins.ts";
import { namesFilled } from "./template.ts";
import type { Directive, Tree } from "./tree.ts";
import { otherWays } from "./upstreams.ts";
import { refuseWithoutValue } from "./variables.ts";

interface Wishes {
  /** What templates are filled in with. */
  env: Readonly<Record<string, string>>;
  /** Which routes are wanted: of this host, the one that serves this path. */
  host?: string | undefined;
  path?: string | undefined;
  /** What the trials say that they accept; default: anything. */
  accept?: string | undefined;
}

export interface ReadOptions extends Wishes {
  cwd: string;
  /** The folder that must not be left; by default the given one, or that of the given file. */
  inside?: string | undefined;
}

/** Files whose places in the container are known, as a deployment says them. */
export interface DeployedFiles {
  files: (ConfigFile & Partial<Pick<FoundFile, "template">>)[];
  /** The file that nginx is started with; if it is not among the files, one of ours is made that includes the sites. */
  main: string;
  /** Paths or patterns that the image's own main file includes, e.g. `/etc/nginx/conf.d/*.conf`. */
  sites: readonly string[];
  /** The deployment's folder, for sentences. */
  folder: string;
}

export interface NginxConfiguration extends Configuration, Needs {
  hosts: Needs["hosts"];
  resolvers: Needs["resolvers"];
  packages: Needs["packages"];
  addresses: Needs["addresses"];
  requestHeaders: RouteMap["requestHeaders"];
  subrequests: RouteMap["subrequests"];
  tree: Tree;
}

/** Throws an AuthorError of one sentence for what cannot be read, is no configuration, or forwards nothing. */
export const readNginx = async (given: string, options: ReadOptions): Promise<NginxConfiguration> =>
  configurationOf(given, await understand(given, options), options);

/** The same of files that a deployment brings. */
export const readDeployed = async (
  given: string,
  { files, main, sites, folder }: DeployedFiles,
  wishes: Wishes,
): Promise<NginxConfiguration> => {
  const layout = layoutOfFiles(
    files.map(({ path, target, bytes, template = false }) => ({ path, target, bytes, template })),
    folder,
  );
  const fragments = (await layout.read(main))
    ? null
    : await Promise.all(sites.map(async (site) => (await globTargets(layout, site)) ?? [site]));
  if (fragments && fragments.flat().length === 0)
    throw new AuthorError(`${given} brings nginx no configuration: there is neither ${main} nor ${sites.join(" nor ")} among its files.`);
  return configurationOf(given, { layout, main, fragments: fragments?.flat() ?? [] }, wishes);
};

const configurationOf = async (given: string, { layout, main, fragments }: Given, wishes: Wishes): Promise<NginxConfiguration> => {
  const { env } = wishes;
  const loading: Loading = { layout, folder: posix.dirname(main), env, files: new Map(), missing: new Map(), included: [] };
  const laid: Laid = { entries: [], overlays: [] };
  const roots = await readRoots(loading, main, fragments, laid);
  refuseWithoutValue(roots);
  layWellKnown(loading, laid);
  if (fragments.length === 0) hideSitesOfTheImage(loading, laid);
  const standIns = await standInsFor(roots, layout, loading.folder);
  const { routes, upstreams, ports, requestHeaders, subrequests, doors, leftOut: notFollowed } = findRoutes(roots, { ...wishes, given });
  const leftOut = withoutRepeats([...otherWays(roots), ...standIns.leftOut, ...notFollowed]);
  if (routes.length === 0) throw new AuthorError(plain(nothingForwarded(given, leftOut)));
  const files = [...loading.files.values(), ...standIns.files.filter(({ target }) => !loading.files.has(target))];
  const needs = needsOf(roots, main, upstreams);
  return {
    main,
    files,
    entries: [...laid.entries, ...standIns.entries],
    overlays: [...laid.overlays, ...standIns.overlays, ...addressesGiven(needs)],
    leftOut,
    upstreams,
    routes,
    ports,
    doors,
    variables: variablesUsed(files, env),
    tree: { roots },
    requestHeaders,
    subrequests,
    ...needs,
  };
};

/** The container is given what the deployment's machine has. */
const addressesGiven = ({ addresses }: Needs): Overlay[] =>
  [...new Map(addresses.toReversed().map((one) => [one.address, one])).values()].toReversed().map(({ address, place }) => ({
    what: `the address ${address}`,
    why: `${place.file}:${place.line} (listen) names it, and it is not this container's`,
    place,
  }));

interface Laid {
  entries: OverlayEntry[];
  overlays: Overlay[];
}

/** From the user's main file, or from one of ours around the fragments. */
const readRoots = async (
  loading: Loading,
  main: string,
  fragments: readonly string[],
  { entries, overlays }: Laid,
): Promise<Directive[]> => {
  if (fragments.length === 0) {
    const file = await loading.layout.read(main);
    if (!file) throw new AuthorError(`there is no ${main} in what was given.`);
    return load(loading, file, null, []);
  }
  const body = mainFor(fragments);
  const roots = parseFile(main, body, false, {});
  await resolve(loading, roots, []);
  entries.push({ kind: "file", target: main, body });
  overlays.push({ what: `a main file at ${main}`, why: "what was given has no http block of its own", place: null });
  return roots;
};

const layWellKnown = ({ missing }: Loading, { entries, overlays }: Laid): void => {
  for (const [target, { place }] of missing) {
    const known = wellKnownFiles[target];
    if (!known) continue;
    entries.push({ kind: "file", target, body: known.body });
    overlays.push({ what: `${known.is} at ${target}`, why: `${place.file}:${place.line} (include) names it, and it is not there`, place });
  }
};

/** An image's own site would answer beside the user's, where an include of many files finds it. */
const hideSitesOfTheImage = ({ included, files }: Loading, { entries, overlays }: Laid): void => {
  for (const target of sitesOfTheImage) {
    const by = included.find(({ path }) => matchesGlob(path, target));
    if (!by || files.has(target)) continue;
    const { place } = by.directive;
    entries.push({ kind: "file", target, body: "" });
    overlays.push({
      what: `an empty ${target}`,
      why: `${place.file}:${place.line} (include) would find the image's own site there`,
      place,
    });
  }
};

const withoutRepeats = (leftOut: readonly LeftOut[]): LeftOut[] => [
  ...new Map(leftOut.map((one) => [`${one.place.file}:${one.place.start}:${one.what}:${one.why}`, one])).values(),
];

const nothingForwarded = (given: string, [first]: readonly LeftOut[]): string =>
  first
    ? `${given} forwards nothing that can be checked: ${first.what} (${first.place.file}:${first.place.line}) is left out, since ${first.why}.`
    : `${given} forwards nothing: there is no proxy_pass in it.`;

const variablesUsed = (files: readonly ConfigFile[], env: Readonly<Record<string, string>>): Record<string, string> => {
  const names = new Set(files.flatMap(({ text, template = false }) => (text === null ? [] : namesFilled(text, template, env))));
  return Object.fromEntries([...names].map((name) => [name, env[name] ?? ""]));
};
