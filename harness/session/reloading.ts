// The reload of a hop in mid-stream: refused where a hop has none, done while the case runs.
import { setTimeout as delay } from "node:timers/promises";
import type { Scenario } from "../define.ts";
import { now } from "../lab/clock.ts";
import type { Case } from "../model/script.ts";
import type { CaseTrace } from "../model/trace.ts";
import { AuthorError } from "../errors.ts";
import type { RunningServer, ServerPlan } from "../runtime/runtime.ts";

/** Throws an AuthorError if the hop that is to be reloaded cannot be. */
export const refuseReload = ({ trial }: Scenario, asked: string, servers: readonly ServerPlan[]): void => {
  if (trial.kind !== "reload") return;
  const server = servers.findLast(({ hop }) => trial.on === undefined || hop === trial.on);
  const hops = servers.map(({ hop }) => `"${hop}"`).join(", ");
  if (!server) throw new AuthorError(`${asked} reloads "${trial.on}", which is none of its hops (${hops})`);
  if (server.kind !== "binary" || server.definition.reload === undefined)
    throw new AuthorError(
      `${asked} reloads "${server.hop}", which cannot be reloaded: name another hop in trial.on, or declare "reload" in the file that defines it`,
    );
};

/** Does what the case says, each at its time. Resolves with what was done when `over` is. */
export const act = async (
  { actions = [] }: Case,
  servers: readonly RunningServer[],
  over: Promise<unknown>,
): Promise<NonNullable<CaseTrace["actions"]>> => {
  const stop = new AbortController();
  const done: NonNullable<CaseTrace["actions"]> = [];
  const doOne = async ({ do: what, on, afterMs }: (typeof actions)[number]): Promise<void> => {
    const server = servers.findLast(({ hop }) => on === null || hop === on);
    await delay(afterMs, undefined, { signal: stop.signal });
    done.push({ do: what, on: server?.hop ?? "", at: now() });
    await server?.reload?.();
  };
  const doing = Promise.allSettled(actions.map(doOne));
  await over.finally(() => stop.abort()).catch(() => {});
  await doing;
  return done;
};
