// Decides which chains run with faster clocks: all servers of a chain, or none. If one server kept real time, its minute-long timeouts
// would be missed.
import type { ChainPlan } from "./chain.ts";
import type { Scenario } from "../define.ts";
import { AuthorError } from "../errors.ts";
import type { ServerPlan } from "../runtime/runtime.ts";
import { askerOf } from "../catalog/source.ts";
import { definitionOf } from "../trials/index.ts";

/** In real time. A shorter wait gains nothing, and a tick of the server's timer would distort it. */
const shortestMs = 200;

/** The chain at its scenario's time scale, else at the requested one if that helps, else unchanged. */
export const atTimeScale = (chain: ChainPlan, id: string, scenario: Scenario, wanted: number): ChainPlan => {
  const keeps = chain.servers.find((plan) => !hasClock(plan));
  const demanded = scenario.timeScale ?? null;
  if (demanded !== null && demanded > 1 && keeps)
    throw new AuthorError(
      `${askerOf(scenario, id, ["timeScale"])} has timeScale: ${demanded}, but the clock of hop "${keeps.hop}" cannot run faster, so its timeouts would be missed: remove the hop from the chain, or timeScale from the scenario`,
    );
  const timeScale = demanded ?? (keeps || !gains(scenario, chain, wanted) ? 1 : wanted);
  return timeScale === 1 ? chain : { ...chain, timeScale, servers: chain.servers.map((plan) => scaled(plan, timeScale)) };
};

const hasClock = (plan: ServerPlan): boolean => plan.kind === "binary" && plan.definition.clock !== undefined;

const scaled = (plan: ServerPlan, timeScale: number): ServerPlan => (plan.kind === "binary" ? { ...plan, timeScale } : plan);

const gains = ({ trial }: Scenario, { limitMs }: ChainPlan, timeScale: number): boolean => {
  const { waitMs } = definitionOf(trial);
  return waitMs !== undefined && Math.min(waitMs(trial) ?? Infinity, limitMs ?? Infinity) / timeScale >= shortestMs;
};
