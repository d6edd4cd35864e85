// The sandbox for `--run-entrypoint`: in the deployment's own image, or in a build of Hopwise's where that cannot be had.
import type { BinaryServer } from "../define.ts";
import { runEntrypoint } from "../runtime/entrypoint.ts";
import type { Engine } from "../runtime/engine.ts";
import { ensureImage, recipeOf } from "../runtime/images.ts";
import { step } from "../progress.ts";
import type { OnProgress } from "../progress.ts";
import type { TarEntry } from "../runtime/tar.ts";
import { AuthorError } from "../errors.ts";
import type { Sandbox } from "../deployment/ran.ts";
import { chooseImage } from "./image.ts";

/** What entry points use that Debian's server does not bring: envsubst, openssl. */
const tools = ["gettext-base", "openssl"];

export const sandboxOf =
  (
    engine: Engine,
    definitionOf: () => Promise<BinaryServer>,
    asked: { image: string | null; version: string | null },
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Sandbox =>
  async ({ title, image: named, entrypoint, command, environment, workdir, entries, packaging }) => {
    const wanted = { image: asked.image ?? named, version: asked.version, isAsked: asked.image !== null, versionOf: packaging.versionOf };
    const definition = await definitionOf();
    const chosen = await chooseImage(engine, definition, wanted, onProgress);
    const { programs, folders, entryPointFiles = [], entryPoint, command: usual } = packaging;
    const lacking = chosen.image === null ? entryPointFiles.filter(({ target }) => !entries.some(({ name }) => name === target)) : [];
    const standsIn = chosen.image === null && entrypoint === null;
    if (standsIn && lacking.length === 0)
      throw new AuthorError(`${title} is that of its image, and ${chosen.why}: there it has none. Make the image available to run it`);
    const recipe = recipeOf(definition, chosen.version);
    const image = chosen.image ?? (await ensureImage(engine, { ...recipe, packages: [...recipe.packages, ...tools] }, onProgress));
    onProgress(step(`running ${title} in a sandbox`));
    const version = (named === null ? null : packaging.versionOf(named)) ?? `${packaging.title}/0`;
    return runEntrypoint(
      engine,
      {
        title,
        image,
        entrypoint: standsIn ? [...entryPoint] : entrypoint,
        command: standsIn ? (command ?? [...usual]) : command,
        environment,
        workdir,
        entries: [...lacking.map(({ target, body }): TarEntry => ({ name: target, kind: "file", body, mode: 0o755 })), ...entries],
        programs,
        prefixes: folders,
        version,
      },
      signal,
    );
  };
