// Which chains are measured with clocks that run faster. All servers of a chain, or none: a limit of minutes that one of them has must
// not go unseen because its clock alone was real.
import type { ChainPlan } from "./chain.ts";
import type { Scenario, Trial } from "./define.ts";
import { AuthorError } from "./runtime/runtime.ts";
import type { ServerPlan } from "./runtime/runtime.ts";
import { askerOf } from "./source.ts";

/** Milliseconds of ours: what is over as soon as that gains nothing, and a tick of the server's timer shows in it. */
const shortestMs = 200;

/** The chain at the time scale that its scenario demands, else at the one that is wished for where that makes sense, else as it is. */
export const atTimeScale = (chain: ChainPlan, id: string, scenario: Scenario, wished: number): ChainPlan => {
  const keeps = chain.servers.find((plan) => !hasClock(plan));
  const demanded = scenario.timeScale ?? null;
  if (demanded !== null && demanded > 1 && keeps)
    throw new AuthorError(
      `${askerOf(scenario, id, ["timeScale"])} has a timeScale of ${demanded}, but hop "${keeps.hop}" keeps its own time, so that its limits would be missed: leave it out of the chain, or the timeScale out of the scenario`,
    );
  const timeScale = demanded ?? (keeps || !gains(scenario, chain, wished) ? 1 : wished);
  return timeScale === 1 ? chain : { ...chain, timeScale, servers: chain.servers.map((plan) => scaled(plan, timeScale)) };
};

const hasClock = (plan: ServerPlan): boolean => plan.kind === "binary" && plan.definition.clock !== undefined;

const scaled = (plan: ServerPlan, timeScale: number): ServerPlan => (plan.kind === "binary" ? { ...plan, timeScale } : plan);

const gains = ({ trial }: Scenario, { limitMs }: ChainPlan, timeScale: number): boolean =>
  waitsForLimit(trial) && Math.min(waitOf(trial) ?? Infinity, limitMs ?? Infinity) / timeScale >= shortestMs;

/** Only these find limits of time; nothing else that a trial shows is judged better by a clock that runs faster. */
export const waitsForLimit = ({ kind }: Trial): boolean => kind === "silence" || kind === "first-byte-wait";

const waitOf = (trial: Trial): number | undefined =>
  trial.kind === "silence" ? trial.silentMs : trial.kind === "first-byte-wait" ? trial.waitMs : undefined;
