import type { Address } from "../lab/protocol.ts";
import type { ContainerRuntime } from "../runtime/container.ts";

/** Answers its id. */
export const openTap = async ({ lab }: ContainerRuntime, id: string, target: Address | "origin", listen: Address): Promise<string> => {
  await lab.ask("open-tap", { id, target, listen });
  return id;
};
