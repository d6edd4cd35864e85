// What was given: a whole configuration or fragments, and where each file belongs in the container.
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, posix, resolve } from "node:path";
import { AuthorError } from "../../runtime/runtime.ts";
import { configurationFolder, mainTarget } from "./image-files.ts";
import { parseFile, readText } from "./includes.ts";
import { listTarget, locate, matchesGlob, readInside } from "./layout.ts";
import type { Layout, Mount } from "./layout.ts";
import { isTemplate } from "./template.ts";
import { childrenOf } from "./tree.ts";
import type { Directive } from "./tree.ts";

export interface Given {
  layout: Layout;
  /** Targets of files that belong into an http block of ours; none if there is a main file. */
  fragments: string[];
}

interface Options {
  cwd: string;
  env: Readonly<Record<string, string>>;
  inside?: string | undefined;
  mounts?: readonly Mount[] | undefined;
}

export const understand = async (given: string, options: Options): Promise<Given> => {
  const source = resolve(options.cwd, given);
  const found = await stat(source).catch((cause: unknown) => {
    throw new AuthorError(`${given} cannot be read: ${String((cause as NodeJS.ErrnoException).code)}.`, { cause });
  });
  const inside = resolve(options.cwd, options.inside ?? (found.isDirectory() ? source : dirname(source)));
  if (options.mounts) return ofMounts({ inside, mounts: options.mounts }, given);
  return found.isDirectory() ? ofFolder(source, given, inside, options.env) : ofFile(source, given, inside, options.env);
};

const wholeNames = new Set(["http", "events", "stream", "mail", "user", "worker_processes", "pid", "daemon", "master_process"]);
const pieceNames = new Set(["location", "proxy_pass", "try_files", "listen", "server_name"]);

type Shape = "whole" | "fragment" | "piece";

/** A piece belongs into a server or a location, and is no configuration of its own. */
const shapeOf = (roots: readonly Directive[]): Shape => {
  const names = childrenOf(roots).map(({ name }) => name);
  if (names.some((name) => wholeNames.has(name))) return "whole";
  return names.some((name) => pieceNames.has(name)) ? "piece" : "fragment";
};

interface Candidate {
  source: string;
  shown: string;
  roots: Directive[];
  shape: Shape;
}

const candidate = async (source: string, shown: string, inside: string, env: Options["env"]): Promise<Candidate> => {
  const bytes = await readInside(source, shown, inside);
  if (!bytes) throw new AuthorError(`${shown} cannot be read: there is no such file.`);
  const roots = parseFile(shown, readText({ path: shown, target: shown, bytes }), env);
  return { source, shown, roots, shape: shapeOf(roots) };
};

const withoutSuffix = (name: string): string => (isTemplate(name) ? name.slice(0, name.lastIndexOf(".")) : name);

const ofFile = async (source: string, shown: string, inside: string, env: Options["env"]): Promise<Given> => {
  const { shape } = await candidate(source, shown, inside, env);
  if (shape === "piece")
    throw new AuthorError(`${shown} is a piece of a server or location block, not a configuration; give the file that includes it.`);
  const folder = { source: dirname(source), shown: dirname(shown), target: configurationFolder };
  if (shape === "whole") return withTemplates({ inside, mounts: [folder, { source, shown, target: mainTarget }] }, []);
  const target = `${configurationFolder}/conf.d/default.conf`;
  const mounts = [folder, { ...folder, target: `${configurationFolder}/conf.d` }, { source, shown, target }];
  return { layout: { inside, mounts }, fragments: [target] };
};

const isConfig = (name: string): boolean => withoutSuffix(name).endsWith(".conf") && !name.startsWith(".");

const ofFolder = async (source: string, shown: string, inside: string, env: Options["env"]): Promise<Given> => {
  const names = (await readdir(source)).filter(isConfig).toSorted();
  const candidates = await Promise.all(names.map((name) => candidate(join(source, name), join(shown, name), inside, env)));
  const wholes = candidates.filter(({ shape }) => shape === "whole");
  const main = wholes.find(({ source: path }) => withoutSuffix(basename(path)) === "nginx.conf") ?? wholes[0];
  if (wholes.length > 1 && main && withoutSuffix(basename(main.source)) !== "nginx.conf")
    throw new AuthorError(`${shown} holds several whole configurations: ${wholes.map((one) => one.shown).join(", ")}. Give one of them.`);
  const mounts: Mount[] = [{ source, shown, target: configurationFolder }];
  if (main) return withTemplates({ inside, mounts: [...mounts, { source: main.source, shown: main.shown, target: mainTarget }] }, []);

  const included = candidates.flatMap(({ roots }) => includesOf(roots));
  const isIncluded = (name: string): boolean =>
    included.some((path) =>
      [`${configurationFolder}/${name}`, `${configurationFolder}/conf.d/${name}`].some((own) => own === path || matchesGlob(path, own)),
    );
  const fragments: string[] = [];
  for (const { source: path, shown: name, shape } of candidates) {
    if (shape === "piece" || isIncluded(basename(path))) continue;
    const target = `${configurationFolder}/conf.d/${withoutSuffix(basename(path))}`;
    mounts.push({ source: path, shown: name, target });
    fragments.push(target);
  }
  if (["conf.d", "sites-enabled", "sites-available"].includes(basename(source)))
    mounts.push({ source, shown, target: `${configurationFolder}/${basename(source)}` });
  const result = await withTemplates({ inside, mounts }, fragments);
  if (result.fragments.length === 0)
    throw new AuthorError(
      `${shown} holds no nginx configuration: no nginx.conf, and no *.conf or *.template in it, in its conf.d, sites-enabled or templates.`,
    );
  return result;
};

const includesOf = (roots: readonly Directive[]): string[] =>
  roots.flatMap(({ name, args, block }) =>
    name === "include" && args[0] !== undefined ? [posix.resolve(configurationFolder, args[0])] : includesOf(block ?? []),
  );

const ofMounts = async (layout: Layout, given: string): Promise<Given> => {
  if (await locate(layout, mainTarget)) return withTemplates(layout, []);
  const result = await withTemplates(layout, []);
  if (result.fragments.length === 0)
    throw new AuthorError(
      `${given} brings nginx no configuration: nothing is mounted or copied to ${mainTarget} or ${configurationFolder}/conf.d.`,
    );
  return result;
};

/** As the public image does it: templates become files of conf.d. Without a main file what is there is to be included. */
const withTemplates = async (layout: Layout, fragments: readonly string[]): Promise<Given> => {
  const mounts = [...layout.mounts];
  for (const name of await listTarget(layout, `${configurationFolder}/templates`)) {
    const found = isTemplate(name) ? await locate(layout, `${configurationFolder}/templates/${name}`) : null;
    if (found) mounts.push({ ...found, target: `${configurationFolder}/conf.d/${withoutSuffix(name)}` });
  }
  const full = { ...layout, mounts };
  const all = [...fragments];
  for (const folder of [`${configurationFolder}/conf.d`, `${configurationFolder}/sites-enabled`])
    for (const name of await listTarget(full, folder))
      if ((folder.endsWith("sites-enabled") || name.endsWith(".conf")) && !name.startsWith(".") && !all.includes(`${folder}/${name}`))
        all.push(`${folder}/${name}`);
  return { layout: full, fragments: (await locate(full, mainTarget)) ? [] : all };
};
