// A server whose clock runs N times faster: what it is started with, and the proof that it took it.
import type { Container } from "../engine-container.ts";
import type { Engine } from "../engine.ts";
import { titleOf } from "../hop.ts";
import type { BinaryPlan } from "../hop.ts";
import type { OnProgress } from "../../progress.ts";
import { UnsupportedError } from "../../errors.ts";
import { ensureTimeImage, fakeTimeFile, guardFile } from "./image.ts";

/** What a container of a server is made of. */
export interface Clocked {
  image: string;
  environment: Record<string, string>;
}

/** An image as it is, or for a plan with a time scale one with libfaketime and the environment that sets it going. */
export const clocked = async (engine: Engine, image: string, plan: BinaryPlan, onProgress: OnProgress): Promise<Clocked> => {
  const { timeScale = 1 } = plan;
  if (timeScale === 1) return { image, environment: {} };
  return { image: await ensureTimeImage(engine, image, titleOf(plan), onProgress), environment: environmentAt(timeScale) };
};

const environmentAt = (timeScale: number): Record<string, string> => ({
  LD_PRELOAD: `${guardFile} ${fakeTimeFile}`,
  FAKETIME: `+0 x${timeScale}`,
  DONT_FAKE_MONOTONIC: "0",
});

/** Throws if a container's first process does not have what its plan's time scale needs: the loader leaves out what it cannot load,
 *  and a program without the loader takes nothing. */
export const proveClocked = async (container: Container, plan: BinaryPlan): Promise<void> => {
  const { timeScale = 1 } = plan;
  if (timeScale === 1) return;
  const loaded = await container.run(["grep", "-E", "guard|faketime", "/proc/1/maps"]).catch(() => "");
  // A container that has ended meanwhile is reported elsewhere.
  if (loaded === "" && (await container.pid().catch(() => 0)) === 0) return;
  if (loaded.includes(guardFile) && loaded.includes("/libfaketimeMT.so")) return;
  throw new UnsupportedError(
    `${titleOf(plan)} did not load libfaketime, so that its clock cannot be run ${timeScale} times faster: measure it without a time scale. ${container.lines.last(3).join(" | ")}`.trim(),
  );
};
