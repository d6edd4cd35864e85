// What `hopwise init` finds in a project: configurations and compose files, their routes, and which of them stream.
import { stringify } from "yaml";
import type { Purpose } from "../check/checks.ts";
import { intentOf, namedLikeAStream } from "../check/intent.ts";
import { projectFiles } from "../check/project-files.ts";
import { checkableServers } from "../check/registry.ts";
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

/** What cannot be read is passed over. */
export const configurationsIn = async (folder: string): Promise<FoundConfiguration[]> => {
  const given = await projectFiles(folder, await checkableServers());
  const found = await Promise.all(given.map((one) => readOne(folder, one)));
  return found.flatMap((one) => one ?? []);
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
