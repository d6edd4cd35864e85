// The samples of a case: begun before its first request, ended after its last response.
import type { HopSamples } from "../model/samples.ts";
import type { Case } from "../model/script.ts";
import type { RunningServer } from "../runtime/runtime.ts";
import { startSampling } from "../runtime/sampling.ts";

/** Resolves once the case may begin; the result is called with the case's start when it is over. Null: the case asks for no samples. */
export const sampledBy = async (
  { samples }: Case,
  servers: readonly RunningServer[],
): Promise<((startedAt: number) => Promise<HopSamples[]>) | null> => {
  if (!samples) return null;
  const chosen = servers.filter(({ hop }) => samples.on === null || samples.on.includes(hop));
  const samplings = await Promise.all(chosen.map((server) => startSampling(server, samples)));
  return (startedAt) => Promise.all(samplings.map((sampling) => sampling.stop(startedAt)));
};
