// The image of a service of the user's own: the one that it names, or one that the engine builds as the deployment does, for this run only.
import type { Engine } from "./engine.ts";
import { ignoreGone } from "./engine-calls.ts";
import { ensurePulled, followed } from "./images.ts";
import type { OnProgress } from "../progress.ts";
import { createLines } from "./lines.ts";
import { EnvironmentError } from "../errors.ts";
import { tar } from "./tar.ts";
import type { TarEntry } from "./tar.ts";

export interface ImageBuild {
  /** As its user names it, e.g. `web/Dockerfile`. */
  file: string;
  /** Its text, up to the stage that is wanted. */
  dockerfile: string;
  context: TarEntry[];
  args: Record<string, string>;
}

export interface ImageSpec {
  /** Of the compose file. */
  service: string;
  /** The line that names the image or the build, e.g. `docker-compose.yml:3`. */
  at: string;
  image: string | ImageBuild;
}

/** A container of it is limited; what is built before has as much and no more. */
const buildMemoryBytes = 2 * 1024 ** 3;
const buildWithinMs = 600_000;
/** Beside what the context has. */
const dockerfileName = ".hopwise.Dockerfile";

/** Its name or id. Throws EnvironmentErrors that name the service, the line and the next step. */
export const imageOfService = async (
  engine: Engine,
  { service, at, image }: ImageSpec,
  labels: Record<string, string>,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<string> => {
  if (typeof image !== "string") return built(engine, { service, at, image }, labels, signal, onProgress);
  try {
    return await ensurePulled(engine, image, onProgress);
  } catch (cause) {
    throw new EnvironmentError(`${at}: service ${service} cannot run: ${(cause as Error).message}`, { cause });
  }
};

export const removeImage = async ({ docker }: Engine, image: string): Promise<void> => {
  // What it was built from stays, as the engine's own cache.
  await docker.getImage(image).remove({ force: true, noprune: true }).catch(ignoreGone);
};

const built = async (
  { docker }: Engine,
  { service, at, image }: ImageSpec & { image: ImageBuild },
  labels: Record<string, string>,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<string> => {
  const { file, dockerfile, context, args } = image;
  const tag = `hopwise/kept-${labels["hopwise.run"]}:${service.replace(/[^\w.-]+/g, "-")}`;
  const body = tar([...withoutDockerfile(context), { name: dockerfileName, kind: "file", body: `${dockerfile}\n${labelLine(labels)}` }]);
  onProgress({ doing: "building-image", image: tag, from: `of service ${service}, from ${file}` });
  const lines = createLines();
  const patience = AbortSignal.any([signal, AbortSignal.timeout(buildWithinMs)]);
  try {
    const stream = await docker.buildImage(body as never, {
      t: tag,
      dockerfile: dockerfileName,
      buildargs: args,
      memory: buildMemoryBytes,
      memswap: buildMemoryBytes,
      forcerm: true,
      ...(needsBuildKit(dockerfile) ? { version: "2" as const } : {}),
      abortSignal: patience,
    });
    await followed(docker, stream, (text) => lines.add(Buffer.from(text)));
    return tag;
  } catch (cause) {
    const why = signal.aborted
      ? "it was stopped"
      : patience.aborted
        ? `it took more than ${buildWithinMs / 1000} s`
        : (cause as Error).message.trim();
    const said = lines.last(5).filter((line) => !why.includes(line.trim()));
    throw new EnvironmentError(
      `${at}: service ${service} could not be built from ${file}: ${why}.${said.length > 0 ? ` Last lines: ${said.join(" | ")}.` : ""} Make sure that "docker build" succeeds, or omit --keep-app`,
      { cause },
    );
  } finally {
    onProgress({ doing: "image-done", image: tag });
  }
};

const ignoreName = ".dockerignore";

/** What names this run is no part of what `COPY . .` copies, which the engine could not take from its cache then. */
const withoutDockerfile = (context: readonly TarEntry[]): TarEntry[] => {
  const own = context.find(({ name, kind }) => name === ignoreName && kind === "file");
  const before = own?.kind === "file" ? `${own.body.toString()}\n` : "";
  return [
    ...context.filter((entry) => entry !== own),
    { ...own, name: ignoreName, kind: "file", body: `${before}${dockerfileName}\n${own ? "" : `${ignoreName}\n`}` },
  ];
};

/** One step, so that nothing but what is removed carries them. */
const labelLine = (labels: Record<string, string>): string =>
  `LABEL ${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(" ")}\n`;

/** What the engine's first builder does not know. */
const needsBuildKit = (dockerfile: string): boolean =>
  /^#\s*syntax\s*=/im.test(dockerfile) ||
  /^\s*RUN\s+--(mount|network|security)/im.test(dockerfile) ||
  /^\s*(COPY|ADD)\s+(--\S+\s+)*--(link|chmod|checksum|exclude|parents|keep-git-dir)/im.test(dockerfile) ||
  /^\s*(RUN|COPY|ADD)\s[^\n]*<<-?["']?[A-Za-z_]/im.test(dockerfile);
