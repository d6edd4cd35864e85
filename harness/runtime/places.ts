// Where things are on this machine: programs, Hopwise's own files, free ports.
import { constants, existsSync } from "node:fs";
import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { delimiter, dirname, extname, isAbsolute, join, sep } from "node:path";
import { EnvironmentError } from "../errors.ts";

/** `harness/`, in the sources or in `dist/`. */
export const harnessFolder = dirname(import.meta.dirname);
/** Of the catalog that Hopwise brings, and not its user's. */
export const isOurs = (file: string): boolean =>
  ["proxies", "middlewares"].some((folder) => file.startsWith(join(dirname(harnessFolder), folder, sep)));

/** Sources are run directly, the published package is built: `.ts` or `.js`. */
export const codeExtension = extname(import.meta.filename);

/** Debian keeps servers where an ordinary user's PATH does not look. */
const serverFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/opt/homebrew/bin"];

export const findBinary = async (name: string): Promise<string | null> => {
  const folders = isAbsolute(name) ? [""] : [...(process.env["PATH"] ?? "").split(delimiter), ...serverFolders];
  for (const folder of folders) {
    const file = join(folder, name);
    if (await isExecutable(file)) return file;
  }
  return null;
};

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

const neededNode = 24;

/** Node ≥ 24 for the lab and for hops: older versions report a reset that follows data as a clean end. */
export const findNode = async (): Promise<string> => {
  if (Number(process.versions.node.split(".")[0]) >= neededNode) return process.execPath;
  const packaged = packagedNode();
  if (packaged !== null && (await isExecutable(packaged))) return packaged;
  throw new EnvironmentError(
    `Node ${process.version} cannot distinguish a cut stream from a whole one: run Hopwise with Node ${neededNode} or newer, or add it with "npm install --save-dev node@${neededNode}".`,
  );
};

const packagedNode = (): string | null => {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("node/package.json")), "bin", "node");
  } catch {
    return null;
  }
};

/** Stripping types takes a Node hop 60 of its 160 ms, so that what came out is kept where packages keep such things. */
export const compileCache = (): NodeJS.ProcessEnv => {
  if (process.env["NODE_COMPILE_CACHE"] !== undefined) return {};
  const folder = join(dirname(harnessFolder), "node_modules");
  return existsSync(folder) ? { NODE_COMPILE_CACHE: join(folder, ".cache", "hopwise") } : {};
};

/** Ports handed out in this process, so that two servers that start at once get two. */
const taken = new Set<number>();

/** Free now. Below the ports that systems give to outgoing connections, of which a run makes thousands. */
export const freePort = async (): Promise<number> => {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (taken.has(port) || !(await isFree(port))) continue;
    taken.add(port);
    return port;
  }
  throw new EnvironmentError(
    "No port between 20000 and 32000 could be listened on in 100 tries: end what listens there, or raise the limit of open files.",
  );
};

const isFree = (port: number): Promise<boolean> => {
  const answer = Promise.withResolvers<boolean>();
  const server = createServer()
    .once("error", () => answer.resolve(false))
    .listen(port, () => server.close(() => answer.resolve(true)));
  return answer.promise;
};
