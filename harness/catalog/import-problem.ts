// Where and why an import of a file of the user's failed.
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot } from "./package-root.ts";

/** Node puts the place of a syntax error above its message, and that of a throw into the frames below. */
export const placeOf = (cause: unknown, file: string): { line: string; elsewhere: string } => {
  const { stack = "", message = "" } = cause instanceof Error ? cause : {};
  const at = Math.max(stack.indexOf(message), 0);
  const above = stack.slice(0, at).matchAll(/^(\S.*):(\d+)$/gm);
  const frames = stack.slice(at + message.length).matchAll(/^ +at .*?(file:\/\/.+):(\d+):\d+\)?$/gm);
  const own = resolve(file);
  const found = [...above, ...frames].map(([, path = "", line = ""]) => ({
    path: path.startsWith("file://") ? fileURLToPath(path) : path,
    line,
  }));
  const place = found.find(({ path }) => path === own) ?? found[0];
  if (!place) return { line: "", elsewhere: "" };
  return place.path === own ? { line: `:${place.line}`, elsewhere: "" } : { line: "", elsewhere: `${place.path}:${place.line}: ` };
};

export const fixFor = (problem = ""): string => {
  const [, kind, missing = ""] = problem.match(/^Cannot find (package|module) '([^']+)'/) ?? [];
  if (kind === "package") return `; install it with "npm install --save-dev ${missing}"`;
  if (missing.startsWith(join(packageRoot, "dist/"))) return `; run "npm run build" in ${packageRoot}`;
  if (/[/\\]harness[/\\]define\.ts$/.test(missing)) return '; outside scenarios/, import from "hopwise", or omit the import';
  return "";
};
