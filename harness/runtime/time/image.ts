// An image of a server with what runs its clock faster: Debian's libfaketime, and the guard (`guard.c`) that is loaded before it.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../engine.ts";
import { built, ensurePulled, hasImage, nodeRecipe, once } from "../images.ts";
import type { OnProgress } from "../../progress.ts";
import { UnsupportedError, EnvironmentError } from "../../errors.ts";
import { tar } from "../tar.ts";

export const guardFile = "/usr/local/lib/hopwise-guard.so";
export const fakeTimeFile = "/usr/local/lib/hopwise-libfaketime.so";

const shortHash = (...parts: string[]): string => createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 12);

// A Release file counts as expired in releases that are not out yet, and in old images that have their packages from a snapshot.
const update = "apt-get -o Acquire::Check-Valid-Until=false update";
const install = "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends";
const tidy = "apt-get clean && rm -rf /var/lib/apt/lists/*";

/** The compiler is gone again before the layer is kept. On the release that the lab needs anyway. */
const guardDockerfile = `FROM debian:${nodeRecipe.release}-slim
LABEL hopwise.image=1
COPY guard.c /guard.c
RUN ${update} && ${install} gcc libc6-dev \\
 && gcc -O2 -Wall -Werror -shared -fPIC -nostdlib -o /guard.so /guard.c \\
 && apt-get purge -y --auto-remove gcc libc6-dev && ${tidy}
`;

const noApt = "hopwise: no apt-get";

const dockerfileOf = (image: string, guard: string, user: string): string => `FROM ${image}
RUN command -v apt-get || { echo "${noApt}"; exit 1; }
USER root
LABEL hopwise.image=1
RUN ${update} && ${install} libfaketime && ${tidy} \\
 && ln -s "$(dpkg -L libfaketime | grep /libfaketimeMT.so)" ${fakeTimeFile}
COPY --from=${guard} /guard.so ${guardFile}
${user === "" ? "" : `USER ${user}\n`}`;

/** The tag of this image with a clock that can be run faster, built where it is missing. */
export const ensureTimeImage = async (engine: Engine, image: string, title: string, onProgress: OnProgress): Promise<string> => {
  const guard = await ensureGuard(engine, onProgress);
  const { Id, Config } = await engine.docker.getImage(image).inspect();
  const dockerfile = dockerfileOf(image, guard, Config.User);
  // A public image's name may mean another image tomorrow.
  const tag = `hopwise/time:${shortHash(dockerfile, Id)}`;
  onProgress({ doing: "waiting-for-image", image: tag, hop: null });
  return once(tag, async () => {
    if (await hasImage(engine.docker, tag)) return;
    onProgress({ doing: "building-image", image: tag, from: `from ${image}, with libfaketime` });
    await built(engine, tar([{ name: "Dockerfile", kind: "file", body: dockerfile }]), tag)
      .catch((error: unknown) => {
        throw hasNoApt(error)
          ? new UnsupportedError(
              `${title} cannot run with a faster clock in ${image}: that needs Debian's libfaketime, and the image has no apt-get. Measure it without a time scale, or use an image based on Debian or Ubuntu.`,
              { cause: error },
            )
          : error;
      })
      .finally(() => onProgress({ doing: "image-done", image: tag }));
  });
};

/** No shell either, where there is nothing but the server. */
const hasNoApt = (error: unknown): boolean =>
  error instanceof EnvironmentError && (error.message.includes(noApt) || /exec: "\/bin\/sh"/.test((error.cause as Error).message));

const ensureGuard = async (engine: Engine, onProgress: OnProgress): Promise<string> => {
  const source = await readFile(join(import.meta.dirname, "guard.c"), "utf8");
  const tag = `hopwise/time-guard:${shortHash(guardDockerfile, source)}`;
  return once(tag, async () => {
    if (await hasImage(engine.docker, tag)) return;
    await ensurePulled(engine, `debian:${nodeRecipe.release}-slim`, onProgress);
    onProgress({ doing: "building-image", image: tag, from: "with the guard before libfaketime, and gcc for as long as that takes" });
    const context = tar([
      { name: "Dockerfile", kind: "file", body: guardDockerfile },
      { name: "guard.c", kind: "file", body: source },
    ]);
    await built(engine, context, tag).finally(() => onProgress({ doing: "image-done", image: tag }));
  });
};
