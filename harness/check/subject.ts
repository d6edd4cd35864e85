// What was given, whatever it is: a configuration of one of the servers, or a deployment that has one in it.
import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AuthorError } from "../errors.ts";
import { refuseForeignYaml } from "./foreign-yaml.ts";
import { kubernetesObjects, refuseChart } from "./kubernetes.ts";
import { readKubernetes } from "./read-kubernetes.ts";
import { checkableServers } from "./registry.ts";
import { readDeployment } from "./read-deployment.ts";
import type { ReadingOptions, Subject } from "./read-deployment.ts";
import type { CheckableServer, GivenFile } from "./server.ts";

export type { Subject } from "./read-deployment.ts";

export interface SubjectOptions extends Omit<ReadingOptions, "servers"> {
  /** Default: all that there are. */
  servers?: readonly CheckableServer[];
}

/** Throws AuthorErrors only. */
export const readSubject = async (given: string, options: SubjectOptions): Promise<Subject> => {
  const servers = options.servers ?? (await checkableServers());
  if (!/\.(?:ya?ml|json)$/i.test(given)) return readConfiguration(given, options, servers);
  const [file] = await filesOf(given, resolve(options.cwd, given)).catch(() => []);
  const isJson = /\.json$/i.test(given);
  if (file && !isJson) refuseChart(file.text, given);
  const objects = file ? kubernetesObjects(file.text, given) : null;
  if (objects) return readKubernetes(given, objects, options, servers);
  if (file && !isJson) refuseForeignYaml(file.text, given);
  return isJson && !/"services"\s*:/.test(file?.text ?? "")
    ? readConfiguration(given, options, servers)
    : readDeployment(given, { ...options, servers });
};

const readConfiguration = async (given: string, options: SubjectOptions, servers: readonly CheckableServer[]): Promise<Subject> => {
  const server = await serverOf(given, options.cwd, servers);
  return { server, config: await server.read({ kind: "path", given, cwd: options.cwd }, options), image: null };
};

/** Where there is only one, it explains better than anyone what is wrong with a file that it does not recognize. */
const serverOf = async (given: string, cwd: string, servers: readonly CheckableServer[]): Promise<CheckableServer> => {
  const [first, ...others] = servers;
  if (first && others.length === 0) return first;
  const files = await filesOf(given, resolve(cwd, given));
  for (const wanted of ["whole", "fragment"] as const)
    for (const server of servers) if (files.some((file) => server.recognizes(file) === wanted)) return server;
  throw new AuthorError(
    `${given} is not a configuration of a server that can be checked; these can: ${servers.map(({ id }) => id).join(", ")}.`,
  );
};

/** What is looked into to recognize a server. */
const mostFiles = 200;
const mostBytes = 1_000_000;

const filesOf = async (shown: string, path: string): Promise<GivenFile[]> => {
  const found = await stat(path).catch((cause: Error) =>
    Promise.reject(new AuthorError(`${shown} cannot be read: ${cause.message}`, { cause })),
  );
  if (found.isFile()) return found.size > mostBytes ? [] : [{ path: shown, text: await readFile(path, "utf8") }];
  const names = found.isDirectory() ? (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isFile()) : [];
  const files = await Promise.all(names.slice(0, mostFiles).map(({ name }) => filesOf(join(shown, name), join(path, name))));
  return files.flat();
};
