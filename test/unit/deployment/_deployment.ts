// A user's folder, made for one test.
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { readCompose } from "../../../harness/deployment/read.ts";
import nginx from "../../../harness/check/servers/nginx/index.ts";
import type { ComposeSubject } from "../../../harness/deployment/subject.ts";

export type Files = Record<string, string | Uint8Array | { linksTo: string }>;

/** Gives the folder's path; everything lies in `deploy/` in it, so that there is something outside. */
export const deployment = async (files: Files): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "hopwise-compose-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, body] of Object.entries(files)) {
    const path = join(folder, "deploy", name);
    await mkdir(dirname(path), { recursive: true });
    await (typeof body === "object" && "linksTo" in body ? symlink(body.linksTo, path) : writeFile(path, body));
  }
  return folder;
};

interface Options {
  service?: string;
  env?: Record<string, string>;
  given?: string;
}

export const read = async (files: Files, { service, env = {}, given = "deploy/compose.yml" }: Options = {}): Promise<ComposeSubject> =>
  readCompose(given, { cwd: await deployment(files), env, servers: [nginx], ...(service === undefined ? {} : { service }) });

/** The sentence with which it is refused. */
export const refusal = (files: Files, options: Options = {}): Promise<string> =>
  read(files, options).then(
    ({ service }) => `read: ${service}`,
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );

/** `target ← path`, sorted. */
export const placed = ({ files }: ComposeSubject): string[] => files.map(({ target, path }) => `${target} ← ${path}`).toSorted();

/** A deployment of nginx alone, with these lines in its service. */
export const nginxWith = (...lines: string[]): string =>
  ["services:", "  edge:", "    image: nginx:1.27", ...lines.map((line) => `    ${line}`), ""].join("\n");

export const conf = "server { listen 80; location / { proxy_pass http://web:8000; } }\n";
