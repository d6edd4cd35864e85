// The configurations and compose files of a project, some folders deep.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckableServer } from "./server.ts";

const mostDepth = 4;
const mostFiles = 200;
const ignored = new Set(["node_modules", "vendor", "dist", "build", "out", "target"]);

const isCompose = (name: string): boolean => /^(?:docker-)?compose[\w.-]*\.ya?ml$/.test(name);
const isConfiguration = (name: string): boolean => /\.conf(?:\.template)?$/.test(name);

/** What `hopwise check` can be given, as paths in the folder. Compose files first: they say most of a deployment. */
export const projectFiles = async (folder: string, servers: readonly Pick<CheckableServer, "recognizes">[]): Promise<string[]> => {
  const files = (await filesIn(folder, "", mostDepth)).slice(0, mostFiles);
  const compose = files.filter((file) => isCompose(file.split("/").at(-1) ?? ""));
  const whole = await Promise.all(files.filter((file) => isConfiguration(file)).map((file) => recognized(folder, file, servers)));
  const ofKind = (kind: "whole" | "fragment"): string[] => whole.flatMap((one) => (one.kind === kind ? [one.file] : []));
  // A fragment is included by what is whole, where there is such a file.
  return [...compose, ...(ofKind("whole").length > 0 ? ofKind("whole") : ofKind("fragment"))];
};

const recognized = async (
  folder: string,
  file: string,
  servers: readonly Pick<CheckableServer, "recognizes">[],
): Promise<{ file: string; kind: string }> => {
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
