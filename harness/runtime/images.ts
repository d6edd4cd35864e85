// Images made of Debian's packages, so that no registry is needed where the base is on the engine. The tag is the recipe's hash.
import type { OnProgress } from "../progress.ts";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { BinaryServer } from "../define.ts";
import { chooseVersion } from "../catalog/versions.ts";
import type { AskedVersion } from "../catalog/versions.ts";
import type { Docker, Engine } from "./engine.ts";
import { createLines } from "./lines.ts";
import { EnvironmentError } from "../errors.ts";
import { tar } from "./tar.ts";

export interface Recipe {
  name: string;
  release: string;
  packages: string[];
}

/** For the lab and for Node hops. `ip` gives the lab its further addresses; `iptables` leads a configuration's fixed addresses to it,
 *  and `openssl` makes certificates that a configuration names. */
export const nodeRecipe: Recipe = { name: "node", release: "forky", packages: ["nodejs", "iproute2", "iptables", "openssl"] };

/** What an image is made of: of a server, or of an application, whose name is its id. */
type Installed = Pick<BinaryServer, "debian" | "versions"> & ({ name: string } | { name?: string; binary: string });

export const recipeOf = (definition: Installed, version?: AskedVersion | null): Recipe => ({
  name: definition.name ?? ("binary" in definition ? basename(definition.binary) : ""),
  release: version?.release ?? definition.debian.release,
  packages: version?.packages ?? definition.debian.packages,
});

/** Of every version that a chain may name. */
export const recipesOf = (definition: Installed): Recipe[] => [
  recipeOf(definition),
  ...Object.keys(definition.versions ?? {}).map((version) => recipeOf(definition, chooseVersion(definition, version))),
];

/** Releases that are not out yet may carry a Release file that counts as expired. */
const unreleased = new Set(["forky", "sid", "experimental"]);

/** No releases of their own: they are added to what is to be released. Their packages are named `name/experimental`, `name/sid`. */
const added = new Set(["experimental", "sid"]);

const baseOf = (release: string): string => `debian:${added.has(release) ? "forky" : release}-slim`;

/** From the mirror that the base has its packages from. */
const addOf = (
  release: string,
): string => `RUN echo "deb $(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>/dev/null | grep -oE -m1 'https?://[^ ]+') ${release} main" \\
  > /etc/apt/sources.list.d/${release}.list
`;

/** Otherwise apt prefers whatever is newer there; of experimental it takes by itself only what is named. */
const pinSid = `RUN printf 'Package: *\\nPin: release n=sid\\nPin-Priority: 1\\n' > /etc/apt/preferences.d/sid
`;

const dockerfileOf = ({ release, packages }: Recipe): string => `FROM ${baseOf(release)}
LABEL hopwise.image=1
${added.has(release) ? addOf(release) : ""}${release === "sid" ? pinSid : ""}RUN apt-get ${unreleased.has(release) ? "-o Acquire::Check-Valid-Until=false " : ""}update \\
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${packages.join(" ")} \\
 && rm -rf /var/lib/apt/lists/*
`;

export const tagOf = (recipe: Recipe): string =>
  `hopwise/${recipe.name.toLowerCase()}:${createHash("sha256").update(dockerfileOf(recipe)).digest("hex").slice(0, 12)}`;

const building = new Map<string, Promise<string>>();

/** Returns the tag once the image exists; concurrent callers wait for the same build. */
export const once = (tag: string, make: () => Promise<unknown>): Promise<string> => {
  const known = building.get(tag) ?? make().then(() => tag);
  building.set(tag, known);
  known.catch(() => building.delete(tag));
  return known;
};

/** The tag of an image of this recipe, which is built where it is missing. */
export const ensureImage = (engine: Engine, recipe: Recipe, onProgress: OnProgress): Promise<string> => {
  const tag = tagOf(recipe);
  onProgress({ doing: "waiting-for-image", image: tag, hop: null });
  return once(tag, () => ensure(engine, recipe, tag, onProgress));
};

/** The image of Node hops with another version of Node in it: a program of this machine, which the engine must be able to run. */
export const ensureNodeImage = (
  engine: Engine,
  base: string,
  node: { file: string; version: string },
  onProgress: OnProgress,
): Promise<string> => {
  const tag = `${base}-${node.version}`;
  onProgress({ doing: "waiting-for-image", image: tag, hop: null });
  return once(tag, () => ensureCopied(engine, base, node, tag, onProgress));
};

const ensureCopied = async (
  engine: Engine,
  base: string,
  node: { file: string; version: string },
  tag: string,
  onProgress: OnProgress,
): Promise<void> => {
  if (await hasImage(engine.docker, tag)) return;
  onProgress({ doing: "building-image", image: tag, from: `with ${node.file}` });
  const dockerfile = `FROM ${base}\nCOPY node /usr/local/bin/node\n`;
  const context = tar([
    { name: "Dockerfile", kind: "file", body: dockerfile },
    { name: "node", kind: "file", body: await readFile(node.file), mode: 0o755 },
  ]);
  await built(engine, context, tag).finally(() => onProgress({ doing: "image-done", image: tag }));
};

export const built = async ({ docker, signal }: Engine, context: Buffer, tag: string): Promise<void> => {
  const lines = createLines();
  try {
    const progress = await docker.buildImage(context as never, { t: tag, forcerm: true, ...abortable(signal) });
    await followed(docker, progress, (text) => lines.add(Buffer.from(text)));
  } catch (error) {
    throw new EnvironmentError(`The image ${tag} could not be built: ${lines.last(3).join(" | ")}`, { cause: error });
  }
};

/** An aborted pull or build ends on the engine as soon as its response is no longer read. */
const abortable = (signal: AbortSignal | undefined): { abortSignal?: AbortSignal } => (signal ? { abortSignal: signal } : {});

const ensure = async (engine: Engine, recipe: Recipe, tag: string, onProgress: OnProgress): Promise<void> => {
  if (await hasImage(engine.docker, tag)) return;
  await ensurePulled(engine, baseOf(recipe.release), onProgress);
  onProgress({ doing: "building-image", image: tag, from: `from Debian ${recipe.release}: ${recipe.packages.join(", ")}` });
  const context = tar([{ name: "Dockerfile", kind: "file", body: dockerfileOf(recipe) }]);
  await built(engine, context, tag).finally(() => onProgress({ doing: "image-done", image: tag }));
};

export const ensurePulled = async (
  { docker, signal }: Pick<Engine, "docker" | "signal">,
  image: string,
  onProgress: OnProgress,
): Promise<string> => {
  if (await hasImage(docker, image)) return image;
  onProgress({ doing: "waiting-for-image", image, hop: null });
  onProgress({ doing: "pulling-image", image });
  try {
    await followed(docker, await docker.pull(image, abortable(signal)), () => {});
  } catch (error) {
    const fix = /^debian:\w+-slim$/.test(image)
      ? "npm run prepare-engine -- " + image.slice(7, -5)
      : `docker load, or docker pull ${image}`;
    throw new EnvironmentError(
      `The engine has no image ${image} and could not pull it (${(error as Error).message.trim()}): make it available with "${fix}".`,
      { cause: error },
    );
  } finally {
    onProgress({ doing: "image-done", image });
  }
  return image;
};

export const hasImage = async (docker: Docker, image: string): Promise<boolean> => {
  try {
    await docker.getImage(image).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
};

/** Follows the engine's progress while it builds or pulls. */
export const followed = (docker: Docker, stream: NodeJS.ReadableStream, onText: (text: string) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    // An error may be one more event, after which the stream ends normally.
    let reported: Error | null = null;
    const onEvent = ({ stream: text, error }: { stream?: string; error?: string }): void => {
      if (error !== undefined) reported ??= new Error(error);
      onText(text ?? (error === undefined ? "" : `${error}\n`));
    };
    docker.modem.followProgress(
      stream,
      (error: Error | null) => {
        const failure = error ?? reported;
        if (failure) reject(failure);
        else resolve();
      },
      onEvent,
    );
  });
