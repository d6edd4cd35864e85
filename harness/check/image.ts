// Which image a configuration runs in: the user's own where the engine has it or can pull it, else the nearest that Debian's packages make.
import type { BinaryServer } from "../define.ts";
import type { Engine } from "../runtime/engine.ts";
import { ensurePulled } from "../runtime/images.ts";
import type { OnProgress } from "../runtime/images.ts";
import { chooseVersion } from "../versions.ts";
import type { AskedVersion } from "../versions.ts";

export interface ChosenImage {
  image: string | null;
  version: AskedVersion | null;
  /** One sentence: why this one. */
  why: string;
}

/** `insists`: the user named it on the command line, and no other will do. */
export const chooseImage = async (
  engine: Engine,
  definition: BinaryServer,
  wanted: string | null,
  insists: boolean,
  onProgress: OnProgress,
): Promise<ChosenImage> => {
  if (wanted === null) {
    const { release } = definition.debian;
    return { image: null, version: null, why: `no image was named: ${definition.title} of Debian ${release}, as Hopwise builds it` };
  }
  if (insists) return { image: await ensurePulled(engine, wanted, onProgress), version: null, why: "as asked for with --image" };
  try {
    return { image: await ensurePulled(engine, wanted, onProgress), version: null, why: "the image that the deployment names" };
  } catch {
    const asked = versionIn(wanted);
    const name = asked === null ? null : nearest(Object.keys(definition.versions ?? {}), asked);
    const version = name === null ? null : chooseVersion(definition, name);
    return {
      image: null,
      version,
      why: `${wanted} is not on this engine and could not be pulled: ${definition.title}${name === null ? "" : ` ${name}`} of Debian ${version?.release ?? definition.debian.release} in its place`,
    };
  }
};

/** `nginx:1.25-alpine` → `1.25`; null where the tag tells none. */
const versionIn = (image: string): string | null => /:[a-z]*-?(\d+\.\d+)/.exec(image)?.[1] ?? null;

const numberOf = (version: string): number => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return 1000 * major + minor;
};

/** The newest that is not newer, else the oldest. */
const nearest = (versions: readonly string[], asked: string): string | null => {
  const sorted = versions.toSorted((a, b) => numberOf(a) - numberOf(b));
  return sorted.findLast((version) => numberOf(version) <= numberOf(asked)) ?? sorted[0] ?? null;
};
