// What was given on this machine: a whole configuration or fragments, and where each file belongs in the container.
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, posix, resolve } from "node:path";
import { AuthorError } from "../../../errors.ts";
import { projectFiles } from "../../project-files.ts";
import type { GivenFile } from "../../server.ts";
import { directiveNames } from "./directive-names.ts";
import { isDump, ofDump } from "./dump.ts";
import { absoluteIncludes, mountsElsewhere } from "./elsewhere.ts";
import { refuseForeign } from "./foreign.ts";
import { layoutOnDisk, readInside, unreadable } from "./disk.ts";
import type { Mount } from "./disk.ts";
import { configurationFolder } from "./image-files.ts";
import { parseFile, readText } from "./includes.ts";
import { matchesGlob, withCopies } from "./layout.ts";
import type { Given, Layout } from "./layout.ts";
import { isTemplate } from "./template.ts";
import { childrenOf, ConfigError, parse } from "./tree.ts";
import type { Directive } from "./tree.ts";

interface Options {
  cwd: string;
  env: Readonly<Record<string, string>>;
  inside?: string | undefined;
}

const main = `${configurationFolder}/nginx.conf`;

export const understand = async (given: string, options: Options): Promise<Given> => {
  const source = resolve(options.cwd, given);
  const found = await stat(source).catch((cause: unknown) => Promise.reject(unreadable(given, cause)));
  const inside = resolve(options.cwd, options.inside ?? (found.isDirectory() ? source : dirname(source)));
  return found.isDirectory() ? ofFolder(source, given, inside, options.env) : ofFile(source, given, inside, options.env);
};

const wholeNames = new Set(["http", "events", "stream", "mail", "user", "worker_processes", "pid", "daemon", "master_process"]);
const pieceNames = new Set(["location", "proxy_pass", "try_files", "listen", "server_name"]);

type Shape = "whole" | "fragment" | "piece";

/** A piece belongs into a server or a location, and is not a configuration by itself. */
const shapeOf = (roots: readonly Directive[]): Shape => {
  const names = childrenOf(roots).map(({ name }) => name);
  if (names.some((name) => wholeNames.has(name))) return "whole";
  return names.some((name) => pieceNames.has(name)) ? "piece" : "fragment";
};

/** Locations as platforms and recipes have them, for a server of somebody else's: no lines that are of a location itself. */
const isOfServer = (roots: readonly Directive[]): boolean => {
  const names = childrenOf(roots).map(({ name }) => name);
  return names.includes("location") && !names.includes("proxy_pass") && !names.includes("server");
};

export const recognizes = ({ path, text }: GivenFile): "whole" | "fragment" | "no" => {
  try {
    const shape = shapeOf(parse(path, text));
    return shape === "whole" ? "whole" : shape === "piece" || nameOfConfiguration.test(path) ? "fragment" : "no";
  } catch (error) {
    if (error instanceof ConfigError) return nameOfConfiguration.test(path) ? "fragment" : "no";
    throw error;
  }
};

const nameOfConfiguration = /nginx|\.conf(?:$|\.)/;

interface Candidate {
  source: string;
  shown: string;
  /** Without a template's suffix. */
  name: string;
  roots: Directive[];
  shape: Shape;
}

const bytesAt = async (source: string, shown: string, inside: string): Promise<Uint8Array> => {
  const bytes = await readInside(source, shown, inside);
  if (!bytes) throw new AuthorError(`${shown} cannot be read: there is no such file.`);
  return bytes;
};

const candidate = async (source: string, shown: string, inside: string, env: Options["env"]): Promise<Candidate> => {
  const bytes = await bytesAt(source, shown, inside);
  const template = isTemplate(shown);
  const roots = parseFile(shown, readText({ path: shown, bytes }), template, env);
  return { source, shown, name: withoutSuffix(basename(source)), roots, shape: shapeOf(roots) };
};

const withoutSuffix = (name: string): string => (isTemplate(name) ? name.slice(0, name.lastIndexOf(".")) : name);

const ofFile = async (source: string, shown: string, inside: string, env: Options["env"]): Promise<Given> => {
  const bytes = await bytesAt(source, shown, inside);
  if (isDump(readText({ path: shown, bytes }))) return ofDump(source, shown, bytes, inside);
  const { shape, roots } = await candidate(source, shown, inside, env);
  if (!roots.some(({ name }) => directiveNames.includes(name))) refuseForeign(shown, readText({ path: shown, bytes }));
  if (shape === "piece" && !isOfServer(roots))
    throw new AuthorError(`${shown} is a piece of a server or location block, not a configuration; give the file that includes it.`);
  const folder = { source: dirname(source), shown: dirname(shown), target: configurationFolder };
  const elsewhere = await mountsElsewhere(absoluteIncludes(roots), folder, inside, (mounts) => layoutOnDisk(mounts, inside));
  if (shape === "whole") return wholeIn([folder, ...elsewhere, { source, shown, target: main }], inside);
  const target = `${configurationFolder}/conf.d/default.conf`;
  const mounts = [folder, ...elsewhere, { ...folder, target: `${configurationFolder}/conf.d` }, { source, shown, target }];
  return {
    layout: layoutOnDisk(mounts, inside),
    main,
    ...(shape === "piece" ? { fragments: [], locations: [target] } : { fragments: [target] }),
  };
};

const wholeIn = async (mounts: readonly Mount[], inside: string): Promise<Given> => ({
  layout: await withTemplates(layoutOnDisk(mounts, inside)),
  main,
  fragments: [],
});

const ofFolder = async (source: string, shown: string, inside: string, env: Options["env"]): Promise<Given> => {
  const all = await readdir(source).catch((cause: unknown) => Promise.reject(unreadable(shown, cause)));
  const names = all.filter((name) => withoutSuffix(name).endsWith(".conf") && !name.startsWith(".")).toSorted();
  const candidates = await Promise.all(names.map((name) => candidate(join(source, name), join(shown, name), inside, env)));
  const wholes = candidates.filter(({ shape }) => shape === "whole");
  const whole = wholes.find(({ name }) => name === "nginx.conf") ?? wholes[0];
  if (whole && whole.name !== "nginx.conf" && wholes.length > 1)
    throw new AuthorError(`${shown} has several whole configurations: ${wholes.map((one) => one.shown).join(", ")}. Give one of them.`);
  const base: Mount = { source, shown, target: configurationFolder };
  const includes = candidates.flatMap(({ roots }) => absoluteIncludes(roots));
  const mounts = [base, ...(await mountsElsewhere(includes, base, inside, (some) => layoutOnDisk(some, inside)))];
  if (whole) return wholeIn([...mounts, { source: whole.source, shown: whole.shown, target: main }], inside);

  // A folder that is itself the conf.d of a deployment.
  if (siteFolders.some(({ folder }) => posix.basename(folder) === basename(source)))
    mounts.push({ source, shown, target: `${configurationFolder}/${basename(source)}` });
  const included = candidates.flatMap(({ roots }) => includesOf(roots));
  const fragments: string[] = [];
  const pieces: string[] = [];
  for (const one of candidates) {
    const target = `${configurationFolder}/conf.d/${one.name}`;
    const isIncluded = included.some((path) =>
      [`${configurationFolder}/${one.name}`, target].some((own) => own === path || matchesGlob(path, own)),
    );
    mounts.push({ source: one.source, shown: one.shown, target });
    if (isIncluded) continue;
    if (one.shape !== "piece") fragments.push(target);
    else if (isOfServer(one.roots)) pieces.push(target);
  }
  const layout = await withTemplates(layoutOnDisk(mounts, inside));
  const taken = new Set(mounts.map(({ target }) => target));
  fragments.push(...(await sitesIn(layout)).filter((target) => !taken.has(target)));
  const hasServer = candidates.some(({ roots }) => roots.some(({ name }) => name === "server"));
  const locations = hasServer ? [] : [...pieces, ...(await locationsIn(layout))];
  if (fragments.length + locations.length > 0) return { layout, main, fragments, locations };
  throw new AuthorError(await whyNone(source, shown, all));
};

const mostNamed = 8;

/** And what to give instead. */
const whyNone = async (source: string, shown: string, all: readonly string[]): Promise<string> => {
  const compose = all.find((name) => /^(?:docker-)?compose\.ya?ml$/.test(name));
  if (compose !== undefined)
    return `${shown} holds no nginx configuration of its own, but a deployment; give that: ${join(shown, compose)}`;
  const none = `${shown} holds no nginx configuration: no nginx.conf, and no *.conf or *.conf.template in it or in its conf.d, sites-enabled or templates.`;
  const files = (await projectFiles(source, [{ recognizes }])).map((file) => join(shown, file));
  if (files.length === 0) return none;
  const more = files.length > mostNamed ? `, and ${files.length - mostNamed} more` : "";
  return `${none} Give ${files.length === 1 ? "the file in it that can be checked" : "one of the files in it that can be checked"}: ${files.slice(0, mostNamed).join(", ")}${more}`;
};

const includesOf = (roots: readonly Directive[]): string[] =>
  roots.flatMap(({ name, args, block }) =>
    name === "include" && args[0] !== undefined ? [posix.resolve(configurationFolder, args[0])] : includesOf(block ?? []),
  );

const siteFolders = [
  { folder: `${configurationFolder}/conf.d`, isSite: (name: string): boolean => name.endsWith(".conf") },
  { folder: `${configurationFolder}/sites-enabled`, isSite: (): boolean => true },
];

const sitesIn = async (layout: Layout): Promise<string[]> => {
  const sites: string[] = [];
  for (const { folder, isSite } of siteFolders)
    for (const name of await layout.list(folder))
      if (isSite(name) && !name.startsWith(".") && (await layout.read(`${folder}/${name}`))) sites.push(`${folder}/${name}`);
  return sites;
};

/** What AWS Elastic Beanstalk includes in its server block.
 *  https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/platforms-linux-extend.proxy.html */
const platformFolder = `${configurationFolder}/conf.d/elasticbeanstalk`;

const locationsIn = async (layout: Layout): Promise<string[]> =>
  (await layout.list(platformFolder)).filter((name) => name.endsWith(".conf")).map((name) => `${platformFolder}/${name}`);

/** As the public image does it: templates become files of conf.d. */
const withTemplates = async (layout: Layout): Promise<Layout> => {
  const templates = `${configurationFolder}/templates`;
  const names = (await layout.list(templates)).filter(isTemplate);
  return withCopies(layout, new Map(names.map((name) => [`${configurationFolder}/conf.d/${withoutSuffix(name)}`, `${templates}/${name}`])));
};
