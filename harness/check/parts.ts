// What of the trials is played together, and what first. Pure.
import type { Check } from "./checks.ts";
import type { Route } from "./configuration.ts";
import type { Standing } from "./servers.ts";

/** One trial on one route of one server. */
export interface Turn {
  standing: Standing;
  route: Route;
  check: Check;
}

/** Turns that are played together: one, or all that a reload of one server is to disturb. */
export interface Part {
  turns: Turn[];
  /** Of the turns, among all. */
  indices: number[];
  reloads: boolean;
}

/** A server is reloaded once for all of its routes, and has nothing else to do then: others would be disturbed by what is done to it. */
export const partsOf = (turns: readonly Turn[], of: readonly number[] = [...turns.keys()]): Part[] => {
  const parts: Part[] = [];
  for (const index of of) {
    const turn = turns[index] as Turn;
    const reloads = turn.check.during === "reload";
    const same = reloads ? parts.find((part) => part.reloads && part.turns[0]?.standing === turn.standing) : undefined;
    if (same) {
      same.turns.push(turn);
      same.indices.push(index);
    } else parts.push({ turns: [turn], indices: [index], reloads });
  }
  return parts;
};

/** Those that take longest go first, and those whose cut has a server take its upstream for broken last of them. */
export const rankOf = ({ turns: [turn] }: Part): number =>
  turn?.check.timeScale === undefined ? 2 : turn.check.trial.kind === "silence" ? 0 : 1;
