// Reads a user's nginx configuration: one file or a folder, whole or a fragment, with what it includes.
import { posix } from "node:path";
import { plain } from "../../../report/text.ts";
import { AuthorError } from "../../../errors.ts";
import type { ConfigFile, NotChecked, Stub, StubEntry } from "../../configuration.ts";
import type { DeployedFiles, RouteOptions } from "../../server.ts";
import type { Parsed } from "./context.ts";
import { understand } from "./given.ts";
import { masksOf, rulesIn, stubsOfPassages, stubsOfRules } from "./gates.ts";
import { sitesOfTheImage, wellKnownFiles } from "./image-files.ts";
import { load, parseFile, resolve } from "./includes.ts";
import type { Loading } from "./includes.ts";
import { globTargets, layoutOfFiles, matchesGlob } from "./layout.ts";
import type { Given } from "./layout.ts";
import { aroundOf, mainFor } from "./main-file.ts";
import { needsOf } from "./needs.ts";
import type { Needs } from "./needs.ts";
import { findAllRoutes } from "./named-routes.ts";
import type { RouteMap } from "./routes.ts";
import { serversOf } from "./servers.ts";
import { stubsFor } from "./stubs.ts";
import { namesFilled } from "./template.ts";
import { find } from "./tree.ts";
import type { Directive } from "./tree.ts";
import { otherWays } from "./upstreams.ts";
import { refuseWithoutValue } from "./variables.ts";

export interface ReadOptions extends RouteOptions {
  cwd: string;
  /** The folder that must not be left; by default the given one, or that of the given file. */
  inside?: string | undefined;
}

export interface NginxConfiguration extends Parsed, Needs {
  hosts: Needs["hosts"];
  resolvers: Needs["resolvers"];
  packages: Needs["packages"];
  addresses: Needs["addresses"];
  certifiedNames: Needs["certifiedNames"];
  requestHeaders: RouteMap["requestHeaders"];
  signatures: RouteMap["signatures"];
  subrequests: RouteMap["subrequests"];
}

/** Throws an AuthorError of one sentence for what cannot be read, is no configuration, or forwards nothing. */
export const readNginx = async (given: string, options: ReadOptions): Promise<NginxConfiguration> =>
  configurationOf(given, await understand(given, options), options);

/** The same for the files of a deployment. */
export const readDeployed = async (
  given: string,
  { files, main, sites, folder, missing = [] }: DeployedFiles,
  settings: RouteOptions,
): Promise<NginxConfiguration> => {
  const layout = layoutOfFiles(
    files.map(({ path, target, bytes, template = false, isCopy }) => ({ path, target, bytes, template, ...(isCopy ? { isCopy } : {}) })),
    folder,
  );
  const fragments = (await layout.read(main))
    ? null
    : await Promise.all(sites.map(async (site) => (await globTargets(layout, site)) ?? [site]));
  if (fragments && fragments.flat().length === 0)
    throw new AuthorError(
      `${[
        `${given} has no nginx configuration: there is neither ${main} nor ${sites.join(" nor ")} among its files`,
        ...missing.map(({ what, why }) => `${what}: ${why}`),
      ].join("; ")}.`,
    );
  return configurationOf(given, { layout, main, fragments: fragments?.flat() ?? [] }, settings);
};

const configurationOf = async (given: string, source: Given, settings: RouteOptions): Promise<NginxConfiguration> => {
  const { layout, main, fragments, locations = [] } = source;
  const { env } = settings;
  const loading: Loading = { layout, folder: posix.dirname(main), env, files: new Map(), missing: new Map(), included: [] };
  const laid: Laid = { entries: [], stubs: [] };
  const roots = await readRoots(loading, source, laid);
  refuseWithoutValue(roots);
  layWellKnown(loading, laid);
  if (fragments.length + locations.length === 0) hideSitesOfTheImage(loading, laid);
  const stubbed = await stubsFor(roots, layout, loading.folder);
  const rules = rulesIn(roots);
  const {
    passages,
    guards,
    routes,
    upstreams,
    ports,
    requestHeaders,
    signatures,
    subrequests,
    portForwards,
    notChecked: notFollowed,
  } = findAllRoutes(roots, { ...settings, given }, new Set(rules));
  const notChecked = withoutRepeats([
    ...otherWays(roots).filter(({ what }) => what !== "stream" || !isFront(roots)),
    ...stubbed.notChecked,
    ...notFollowed,
  ]);
  if (routes.length === 0) throw new AuthorError(plain(nothingForwarded(given, notChecked)));
  const files = [...loading.files.values(), ...stubbed.files.filter(({ target }) => !loading.files.has(target))];
  const needs = needsOf(roots, main, upstreams);
  return {
    main,
    files,
    entries: [...laid.entries, ...stubbed.entries],
    stubs: [
      ...laid.stubs,
      ...stubbed.stubs,
      ...addressesGiven(needs),
      ...stubsOfRules([...rules, ...guards]),
      ...stubsOfPassages(passages),
    ],
    masks: masksOf([...rules, ...guards], roots, files),
    notChecked,
    upstreams,
    routes,
    ports,
    portForwards,
    variables: variablesUsed(files, env),
    tree: { roots },
    requestHeaders,
    signatures,
    subrequests,
    ...needs,
  };
};

/** Clients of a site come through it, and so do the trials. */
const isFront = (roots: readonly Directive[]): boolean =>
  serversOf(roots).some(({ listens }) => listens.some(({ front }) => front !== undefined));

/** The container gets the addresses of the deployment's machine. */
const addressesGiven = ({ addresses }: Needs): Stub[] =>
  [...new Map(addresses.toReversed().map((one) => [one.address, one])).values()].toReversed().map(({ address, place }) => ({
    what: `the address ${address}`,
    why: `${place.file}:${place.line} (listen) names it, and it is not this container's`,
    place,
  }));

interface Laid {
  entries: StubEntry[];
  stubs: Stub[];
}

/** From the user's main file, or from one of ours around the fragments. */
const readRoots = async (loading: Loading, { main, fragments, locations = [] }: Given, { entries, stubs }: Laid): Promise<Directive[]> => {
  if (fragments.length + locations.length === 0) {
    const file = await loading.layout.read(main);
    if (!file) throw new AuthorError(`there is no ${main} in what was given.`);
    return load(loading, file, null, []);
  }
  const roots = parseFile(main, mainFor({ fragments, locations }), false, {});
  await resolve(loading, roots, []);
  const around = aroundOf(roots, main);
  const http = find(roots, "http");
  if (http?.block) http.block = http.block.filter(({ name, place }) => place.file !== main || !around.set.has(name));
  entries.push({ kind: "file", target: main, body: mainFor({ fragments, locations }, around) });
  const { logFormats } = around;
  const parts = [
    ...(locations.length > 0 ? ["a server that listens on port 80"] : []),
    ...(logFormats.length > 0 ? [`the log format ${logFormats.join(", ")}`] : []),
  ];
  stubs.push({
    what: `a main file at ${main}${parts.length > 0 ? ` with ${parts.join(" and ")}` : ""}`,
    why: locations.length > 0 ? "what was given has locations without a server block" : "the given files have no http block",
    place: null,
    targets: [main],
  });
  return roots;
};

const layWellKnown = ({ missing }: Loading, { entries, stubs }: Laid): void => {
  for (const [target, { place }] of missing) {
    const known = wellKnownFiles[target];
    if (!known) continue;
    entries.push({ kind: "file", target, body: known.body, isIncluded: true });
    stubs.push({
      what: `${known.is} at ${target}`,
      why: `${place.file}:${place.line} (include) names it, and it is not there`,
      place,
      targets: [target],
    });
  }
};

/** An image's own site would answer beside the user's, where an include of many files finds it. */
const hideSitesOfTheImage = ({ included, files }: Loading, { entries, stubs }: Laid): void => {
  for (const target of sitesOfTheImage) {
    const by = included.find(({ path }) => matchesGlob(path, target));
    if (!by || files.has(target)) continue;
    const { place } = by.directive;
    entries.push({ kind: "file", target, body: "" });
    stubs.push({
      what: `an empty ${target}`,
      why: `${place.file}:${place.line} (include) would find the image's own site there`,
      place,
    });
  }
};

const withoutRepeats = (notChecked: readonly NotChecked[]): NotChecked[] => [
  ...new Map(notChecked.map((one) => [`${one.place.file}:${one.place.start}:${one.what}:${one.why}`, one])).values(),
];

const nothingForwarded = (given: string, [first]: readonly NotChecked[]): string =>
  first
    ? `${given} forwards nothing that can be checked: ${first.what} (${first.place.file}:${first.place.line}) is not checked, since ${first.why}.`
    : `${given} forwards nothing: there is no proxy_pass in it.`;

const variablesUsed = (files: readonly ConfigFile[], env: Readonly<Record<string, string>>): Record<string, string> => {
  const names = new Set(files.flatMap(({ text, template = false }) => (text === null ? [] : namesFilled(text, template, env))));
  return Object.fromEntries([...names].map((name) => [name, env[name] ?? ""]));
};
