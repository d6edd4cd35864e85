// Reads a user's nginx configuration: one file or a folder, whole or a fragment, with what it includes.
import { AuthorError } from "../../runtime/runtime.ts";
import type { Configuration, ConfigFile, LeftOut, Overlay, OverlayEntry } from "../configuration.ts";
import { understand } from "./given.ts";
import type { Given } from "./given.ts";
import { mainTarget, sitesOfTheImage, wellKnownFiles } from "./image-files.ts";
import { load, parseFile, resolve } from "./includes.ts";
import type { Loading } from "./includes.ts";
import { matchesGlob, readTarget } from "./layout.ts";
import type { Mount } from "./layout.ts";
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

export interface ReadOptions {
  cwd: string;
  /** What templates are filled in with. */
  env: Readonly<Record<string, string>>;
  host?: string | undefined;
  path?: string | undefined;
  /** The folder that must not be left; by default the given one, or that of the given file. */
  inside?: string | undefined;
  /** Where the container has what, if it is known: else the given file or folder stands for /etc/nginx. */
  mounts?: readonly Mount[] | undefined;
}

export type NginxConfiguration = Configuration & { tree: Tree } & Pick<RouteMap, "requestHeaders" | "subrequests"> & Needs;

/** Throws an AuthorError of one sentence for what cannot be read, is no configuration, or forwards nothing. */
export const readNginx = async (given: string, options: ReadOptions): Promise<NginxConfiguration> => {
  const { layout, fragments } = await understand(given, options);
  const loading: Loading = { layout, env: options.env, files: new Map(), missing: new Map(), included: [] };
  const laid: Laid = { entries: [], overlays: [] };
  const roots = await readRoots(loading, fragments, laid);
  refuseWithoutValue(roots);
  layWellKnown(loading, laid);
  if (fragments.length === 0) hideSitesOfTheImage(loading, laid);
  const standIns = await standInsFor(roots, layout);
  const { routes, upstreams, ports, requestHeaders, subrequests, leftOut: notFollowed } = findRoutes(roots, { ...options, given });
  const leftOut = withoutRepeats([...otherWays(roots), ...standIns.leftOut, ...notFollowed]);
  if (routes.length === 0) throw new AuthorError(nothingForwarded(given, leftOut));
  const files = [...loading.files.values(), ...standIns.files.filter(({ target }) => !loading.files.has(target))];
  return {
    main: mainTarget,
    files,
    entries: [...laid.entries, ...standIns.entries],
    overlays: [...laid.overlays, ...standIns.overlays],
    leftOut,
    upstreams,
    routes,
    ports,
    variables: variablesUsed(files, options.env),
    tree: { roots },
    requestHeaders,
    subrequests,
    ...needsOf(roots, mainTarget, upstreams),
  };
};

interface Laid {
  entries: OverlayEntry[];
  overlays: Overlay[];
}

/** From the user's main file, or from one of ours around the fragments. */
const readRoots = async (loading: Loading, fragments: Given["fragments"], { entries, overlays }: Laid): Promise<Directive[]> => {
  if (fragments.length === 0) {
    const file = await readTarget(loading.layout, mainTarget);
    if (!file) throw new AuthorError(`there is no ${mainTarget} in what was given.`);
    return load(loading, file, null, []);
  }
  const body = mainFor(fragments);
  const roots = parseFile(mainTarget, body, {});
  await resolve(loading, roots, []);
  // It is not the user's to repair.
  loading.files.delete(mainTarget);
  entries.push({ kind: "file", target: mainTarget, body });
  overlays.push({ what: `a main file at ${mainTarget}`, why: "what was given has no http block of its own", place: null });
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
  const names = new Set(files.flatMap(({ path, text }) => (text === null ? [] : namesFilled(text, path, env))));
  return Object.fromEntries([...names].map((name) => [name, env[name] ?? ""]));
};
