// What `hopwise init` finds in a project: configurations and compose files, their routes, and which of them stream.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Purpose } from "../check/checks.ts";
import { intentOf, namedLikeAStream } from "../check/intent.ts";
import { checkableServers } from "../check/registry.ts";
import type { CheckableServer } from "../check/server.ts";
import { readSubject } from "../check/subject.ts";
import { AuthorError } from "../errors.ts";

export interface FoundRoute {
  host: string;
  path: string;
  /** Null: nothing says that it streams. */
  purpose: Purpose | null;
}

export interface FoundConfiguration {
  /** What `hopwise check` is given. */
  given: string;
  routes: FoundRoute[];
}

const mostDepth = 4;
const mostFiles = 200;
const ignored = new Set(["node_modules", "vendor", "dist", "build", "out", "target"]);

const isCompose = (name: string): boolean => /^(?:docker-)?compose[\w.-]*\.ya?ml$/.test(name);
const isConfiguration = (name: string): boolean => /\.conf(?:\.template)?$/.test(name);

/** Compose files first: they say most of a deployment. What cannot be read is passed over. */
export const configurationsIn = async (folder: string): Promise<FoundConfiguration[]> => {
  const servers = await checkableServers();
  const files = (await filesIn(folder, "", mostDepth)).slice(0, mostFiles);
  const compose = files.filter((file) => isCompose(file.split("/").at(-1) ?? ""));
  const whole = await Promise.all(files.filter((file) => isConfiguration(file)).map((file) => recognized(folder, file, servers)));
  const ofKind = (kind: "whole" | "fragment"): string[] => whole.flatMap((one) => (one.kind === kind ? [one.file] : []));
  // A fragment is included by what is whole, where there is such a file.
  const given = [...compose, ...(ofKind("whole").length > 0 ? ofKind("whole") : ofKind("fragment"))];
  const found = await Promise.all(given.map((one) => readOne(folder, one)));
  return found.flatMap((one) => one ?? []);
};

const recognized = async (folder: string, file: string, servers: readonly CheckableServer[]): Promise<{ file: string; kind: string }> => {
  const text = await readFile(join(folder, file), "utf8").catch(() => "");
  const kinds = servers.map((server) => server.recognizes({ path: file, text }));
  return { file, kind: (["whole", "fragment"] as const).find((kind) => kinds.includes(kind)) ?? "no" };
};

const filesIn = async (folder: string, below: string, depth: number): Promise<string[]> => {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && (isCompose(entry.name) || isConfiguration(entry.name)));
  const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && !ignored.has(entry.name));
  const inside = depth > 0 ? await Promise.all(folders.map(({ name }) => filesIn(folder, join(below, name), depth - 1))) : [];
  return [...files.map(({ name }) => join(below, name)).toSorted(), ...inside.flat()];
};

const readOne = async (folder: string, given: string): Promise<FoundConfiguration | null> => {
  try {
    const { config } = await readSubject(given, { cwd: folder, env: {} });
    return {
      given,
      routes: config.routes.map((route) => ({
        host: route.host,
        path: route.path,
        purpose: intentOf(route, config.signs(route)).kind === "unknown" ? null : purposeOf(route.path),
      })),
    };
  } catch (error) {
    if (error instanceof AuthorError) return null;
    throw error;
  }
};

const byName: [pattern: RegExp, purpose: Purpose][] = [
  [/(?:^|\/)mcp(?:\/|$)/i, "mcp"],
  [/(?:^|\/)(?:completions|generate|chat)(?:\/|$)/i, "llm"],
  [/(?:^|\/)(?:poll|polling|long-polling|longpoll|message-bus)(?:\/|$)/i, "long-polling"],
];

const purposeOf = (path: string): Purpose => (namedLikeAStream(path) && byName.find(([pattern]) => pattern.test(path))?.[1]) || "sse";

/** The host of a server without a name is made up. */
const isNamed = (host: string): boolean => !host.endsWith(".test") && host !== "localhost";

/** `hopwise.yaml`; null where no route is known to stream. */
export const settingsFor = (found: readonly FoundConfiguration[]): string | null => {
  const all = found.flatMap(({ routes }) => routes.filter(({ purpose }) => purpose !== null));
  const routes = [...new Map(all.map((route) => [`${route.host}${route.path}`, route])).values()].map(({ host, path, purpose }) => ({
    path,
    ...(isNamed(host) ? { host } : {}),
    for: purpose,
  }));
  if (routes.length === 0) return null;
  return `# What hopwise check requires of this project: findings on all other routes are notes.\n${stringify({ routes })}`;
};
