// What a finding's level depends on, route by route. Pure.
import type { Task } from "./checks.ts";
import type { Route } from "./configuration.ts";
import { bestOf, intentOf } from "./intent.ts";
import type { Intent } from "./intent.ts";
import type { Blamed } from "./search.ts";
import type { CheckedConfig } from "./server.ts";
import { levelOf } from "./severity.ts";
import type { Standing } from "./severity.ts";

/** By route's id. */
export const intentsOf = ({ routes, signs }: CheckedConfig): Map<string, Intent> =>
  new Map(routes.map((route) => [route.id, intentOf(route, signs(route))]));

export const standingsWith = (taskOf: (route: Route) => Task, intents: ReadonlyMap<string, Intent>): ((route: Route) => Standing) => {
  const others = bestOf([...intents.values()].map(({ kind }) => kind));
  return (route) => ({ ...taskOf(route), intent: intents.get(route.id)?.kind ?? "unknown", others });
};

/** `--write` makes what mends an error, or a warning on a route that is known to stream. Limits on streams of one address are intended. */
export const isMadeOn = ({ faults }: Blamed, standing: Standing): boolean =>
  faults.some(({ wrong }) => {
    const level = levelOf(wrong, standing);
    return level === "error" || (level === "warning" && wrong.rule !== "refused" && standing.intent === standing.others);
  });

/** Part of a route's fix: what is wrong there by its own purpose. Limits on streams of one address are intended. */
export const isMendedOn = ({ faults }: Pick<Blamed, "faults">, standing: Standing): boolean =>
  faults.some(({ wrong }) => wrong.rule !== "refused" && levelOf(wrong, { ...standing, others: standing.intent }) !== "note");
