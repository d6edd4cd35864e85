// `hopwise check --run-entrypoint`: runs what the proxy of a deployment starts with.
import type { BinaryServer } from "../define.ts";
import type { Sandbox } from "../deployment/ran.ts";
import { AuthorError } from "../errors.ts";
import type { Engine } from "../runtime/engine.ts";
import type { OnProgress } from "../progress.ts";
import { askForEngine } from "../session/choose-runtime.ts";

/** Throws an AuthorError where no engine answers. */
export const openSandbox = async (
  { image, serverVersion }: { image?: string; serverVersion?: string },
  definitionOf: (id: string) => Promise<BinaryServer>,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<(server: string) => Sandbox> => {
  const engine = await askForEngine(signal);
  if (engine === null && !signal.aborted)
    throw new AuthorError("--run-entrypoint needs a container engine, and none answers; npx hopwise doctor lists what is missing");
  const { sandboxOf } = await import("../check/sandbox.ts");
  return (server) =>
    sandboxOf(engine as Engine, () => definitionOf(server), { image: image ?? null, version: serverVersion ?? null }, onProgress, signal);
};
