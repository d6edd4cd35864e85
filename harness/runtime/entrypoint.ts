// Runs what a service starts with, up to where it would start its server, and reads what it has written. All of it is untrusted: no network,
// no rights but those of a server, bounded memory, processes and time, and only plain files come back.
import { randomBytes } from "node:crypto";
import { finished } from "node:stream/promises";
import { Writable } from "node:stream";
import { dirname } from "node:path/posix";
import { setTimeout as delay } from "node:timers/promises";
import { ordinary } from "./container-binary.ts";
import { hopLimits } from "./container-hop.ts";
import type { Container } from "./engine-container.ts";
import { startContainer } from "./engine-start.ts";
import type { Engine } from "./engine.ts";
import { wordsOfExit } from "./exit.ts";
import { lastWords } from "./lines.ts";
import { labelsOf } from "./run-network.ts";
import { AuthorError } from "../errors.ts";
import type { TarEntry } from "./tar.ts";
import { TooMuchError, untar } from "./untar.ts";
import type { Untarred } from "./untar.ts";

export interface EntrypointPlan {
  /** Its name in messages. */
  title: string;
  image: string;
  /** Null: the image's own. */
  entrypoint: string[] | null;
  command: string[] | null;
  environment: Record<string, string>;
  workdir: string | null;
  entries: TarEntry[];
  /** Where the server's program may be: what stands there is covered. */
  programs: readonly string[];
  /** What `-v` answers. */
  version: string;
  /** Folders of which files are read. */
  prefixes: readonly string[];
}

export interface EntrypointRan {
  /** What the server would be started with, its program first. */
  started: string[];
  /** Those that the image does not have like this. */
  files: Untarred[];
  /** What the image has and is gone. */
  gone: string[];
}

const withinMs = 10_000;
const mostFiles = 1000;
const mostBytes = 10_000_000;
const folder = "/hopwise-started";

/** In place of the server's program: answers questions, and stops where the server would start. */
const shim = (nonce: string, version: string): string => `#!/bin/sh
for word in "$@"; do
  case $word in
    -v|-V) echo "nginx version: ${version}" >&2; exit 0 ;;
    -t|-T) echo "nginx: configuration file test is successful" >&2; exit 0 ;;
    -s) exit 0 ;;
  esac
done
printf '%s\\0' "$0" "$@" > ${folder}/words
echo ${nonce} > /proc/1/fd/1 || echo ${nonce}
while :; do sleep 5; done
`;

export const runEntrypoint = async (engine: Engine, plan: EntrypointPlan, signal?: AbortSignal): Promise<EntrypointRan> => {
  const nonce = randomBytes(16).toString("hex");
  const reached = Promise.withResolvers<true>();
  const cover = plan.programs.map((name): TarEntry => ({ name, kind: "file", body: shim(nonce, plan.version), mode: 0o755 }));
  const container = await startContainer(engine, {
    title: plan.title,
    image: plan.image,
    ...(plan.entrypoint ? { entrypoint: plan.entrypoint } : {}),
    ...(plan.command ? { command: plan.command } : {}),
    ...(plan.workdir === null ? {} : { folder: plan.workdir }),
    environment: plan.environment,
    labels: labelsOf(`entrypoint-${nonce.slice(0, 10)}`, "hop"),
    network: "none",
    capabilities: ordinary,
    ...hopLimits,
    files: [...plan.entries, { name: folder, kind: "folder", mode: 0o777 }, ...cover],
    onLine: (line) => {
      if (line.trim() === nonce) reached.resolve(true);
    },
  });
  const { docker } = engine;
  try {
    await waitFor(container, reached.promise, plan, signal);
    // Nothing of it runs any more while it is read.
    await docker.getContainer(container.id).pause();
    return await readBack(engine, container.id, plan);
  } finally {
    await docker
      .getContainer(container.id)
      .remove({ force: true, v: true })
      .catch(() => container.stop());
  }
};

const waitFor = async (container: Container, reached: Promise<true>, { title }: EntrypointPlan, signal?: AbortSignal): Promise<void> => {
  const over = new AbortController();
  const timer = delay(withinMs, "late" as const, { signal: AbortSignal.any([over.signal, ...(signal ? [signal] : [])]) });
  timer.catch(() => {});
  try {
    const first = await Promise.race([reached, timer, container.died]);
    if (first === true) return;
    const how =
      first === "late" ? `did not start its server within ${withinMs / 1000} s` : `ended with ${wordsOfExit(first)} and started no server`;
    throw new AuthorError(`${title} ${how}.${lastWords(container.lines)}`);
  } finally {
    over.abort();
  }
};

const readBack = async ({ docker }: Engine, id: string, { prefixes, title }: EntrypointPlan): Promise<EntrypointRan> => {
  const container = docker.getContainer(id);
  const changes = ((await container.changes()) ?? []) as { Path: string; Kind: number }[];
  const changed = new Set(changes.filter(({ Kind }) => Kind !== 2).map(({ Path }) => Path));
  const below = (path: string): boolean => prefixes.some((prefix) => path.startsWith(`${prefix}/`));
  const archiveOf = async (path: string, most: number): Promise<Buffer | null> =>
    container.getArchive({ path }).then(
      (stream) => bytesOf(stream, most),
      (error: unknown) => {
        if ((error as { statusCode?: number }).statusCode === 404) return null;
        throw error;
      },
    );
  const files: Untarred[] = [];
  try {
    for (const prefix of prefixes) {
      // One after the other, so that no more than one is held.
      // oxlint-disable-next-line no-await-in-loop
      const archive = await archiveOf(prefix, 4 * mostBytes);
      if (!archive) continue;
      const left = { files: mostFiles - files.length, bytes: mostBytes };
      files.push(...untar(archive, dirname(prefix), left).filter(({ name }) => below(name) && changed.has(name)));
    }
  } catch (error) {
    if (error instanceof TooMuchError)
      throw new AuthorError(`${title} leaves ${error.message} in ${prefixes.join(", ")}, which are not read`);
    throw error;
  }
  const words = await archiveOf(`${folder}/words`, 1_000_000);
  const [file] = words ? untar(words, folder, { files: 1, bytes: 100_000 }) : [];
  return {
    started: file ? file.body.toString("utf8").split("\0").slice(0, -1) : [],
    files,
    gone: changes.filter(({ Kind, Path }) => Kind === 2 && below(Path)).map(({ Path }) => Path),
  };
};

const bytesOf = async (stream: NodeJS.ReadableStream, most: number): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  let total = 0;
  const into = new Writable({
    write: (piece: Buffer, _encoding, done) => {
      total += piece.length;
      pieces.push(piece);
      done(total > most ? new TooMuchError(`more than ${most / 1_000_000} MB`) : null);
    },
  });
  stream.pipe(into);
  await finished(into);
  return Buffer.concat(pieces);
};
