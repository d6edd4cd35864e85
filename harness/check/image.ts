// Which image a configuration runs in: the user's own where the engine has it or can pull it, else a build of Debian's packages that behaves
// like it as far as is documented.
import type { BinaryServer } from "../define.ts";
import type { Engine } from "../runtime/engine.ts";
import { ensurePulled } from "../runtime/images.ts";
import type { OnProgress } from "../progress.ts";
import { AuthorError } from "../errors.ts";
import { chooseVersion } from "../catalog/versions.ts";
import type { AskedVersion } from "../catalog/versions.ts";
import { substituteFor } from "./substitute.ts";

export interface ChosenImage {
  image: string | null;
  version: AskedVersion | null;
  /** One sentence: why this one. */
  why: string;
}

export interface Wanted {
  /** With `--image`, or by the deployment; null: neither names one. */
  image: string | null;
  /** Of Hopwise's builds, with `--server-version`. */
  version: string | null;
  /** The image was named on the command line. */
  isAsked: boolean;
  /** What runs in an image, by its name: e.g. `nginx/1.25.3`; null where that does not say it. */
  versionOf: (image: string) => string | null;
}

export const chooseImage = async (
  engine: Engine,
  definition: BinaryServer,
  { image: wanted, version, isAsked, versionOf }: Wanted,
  onProgress: OnProgress,
): Promise<ChosenImage> => {
  const { title, debian } = definition;
  if (version !== null) return { image: null, version: buildOf(definition, version), why: "as requested with --server-version" };
  if (wanted === null)
    return { image: null, version: null, why: `no image was named: ${title} of Debian ${debian.release}, as Hopwise builds it` };
  try {
    return {
      image: await ensurePulled(engine, wanted, onProgress),
      version: null,
      why: isAsked ? "as requested with --image" : "the image that the deployment names",
    };
  } catch {
    const { name, note } = substituteFor(definition, versionOf(wanted), wanted);
    const chosen = name === null ? null : chooseVersion(definition, name);
    return {
      image: null,
      version: chosen,
      why: `${wanted} is not on this engine and could not be pulled: ${title}${name === null ? "" : ` ${name}`} of Debian ${chosen?.release ?? debian.release} in its place, as Hopwise builds it${note === null ? "" : `; ${note}`}`,
    };
  }
};

const buildOf = (definition: BinaryServer, asked: string): AskedVersion => {
  const chosen = chooseVersion(definition, asked);
  if (chosen) return chosen;
  const names = Object.keys(definition.versions ?? {});
  throw new AuthorError(
    `--server-version ${asked}: Hopwise builds ${definition.title} ${names.join(", ")} of Debian's packages; for another version give its image with --image`,
  );
};
