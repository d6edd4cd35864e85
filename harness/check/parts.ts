// Which trials run together, and which first. Pure.
import type { Result } from "../session/attempt.ts";
import { definitionOf } from "../trials/index.ts";
import type { Check } from "./checks.ts";
import type { Route } from "./configuration.ts";
import type { Disturbance } from "../model/crowd.ts";
import type { ServerUnderTest } from "./start-server.ts";
import type { Held } from "./tried.ts";

/** One trial on one route of one server. */
export interface Turn {
  underTest: ServerUnderTest;
  route: Route;
  check: Check;
  /** It is over as soon as this fault shows. */
  until?: Held | undefined;
  /** It has run on this server, and runs again to show whether its fault recurs. */
  isRepetition?: true;
}

/** The result of a turn, and the check as it really ran: timeouts may have been waited for in real time. */
export interface Observed extends Result {
  check: Check;
  /** It was refused or delayed beside others, and repeated alone. */
  crowded?: Crowded;
}

/** What became of a trial beside others, and of the same alone; null: it was not disturbed then. */
export interface Crowded {
  beside: Disturbance;
  alone: Disturbance | null | "not-repeated";
}

/** Turns that run together: one, or all that a reload of one server is to disturb. */
export interface Part {
  turns: Turn[];
  /** Of the turns, among all. */
  indices: number[];
  reloads: boolean;
  /** On a server that is started for it: others would disturb it, or be disturbed. */
  isApart: boolean;
}

/** A server is reloaded once for all of its routes, and has nothing else to do then: others would be disturbed by what is done to it. */
export const partsOf = (turns: readonly Turn[], of: readonly number[] = [...turns.keys()]): Part[] => {
  const parts: Part[] = [];
  const isOnly = ({ underTest }: Turn): boolean => turns.filter((other) => other.underTest === underTest).length === 1;
  for (const index of of) {
    const turn = turns[index] as Turn;
    const reloads = turn.check.feature === "reload";
    const same = reloads ? parts.find((part) => part.reloads && part.turns[0]?.underTest === turn.underTest) : undefined;
    if (same) {
      same.turns.push(turn);
      same.indices.push(index);
    } else parts.push({ turns: [turn], indices: [index], reloads, isApart: reloads || (isByItself(turn.check) && !isOnly(turn)) });
  }
  return parts;
};

const isByItself = ({ isCrowd, hasOwnServer }: Check): boolean => isCrowd === true || hasOwnServer === true;

/** Above this many times what runs concurrently, each route's trials stay together: a check that is interrupted has judged whole routes. */
const mostTimes = 4;

/** What waits for timeouts first, then the longest. `most`: run concurrently. */
export const inOrder = (parts: readonly Part[], most: number): Part[] =>
  parts.toSorted((a, b) => rankOf(a) - rankOf(b) || (parts.length > mostTimes * most ? 0 : lastsMs(b) - lastsMs(a)));

/** Of those that wait for timeouts, the ones whose timeout makes the server consider its upstream broken go last. */
const rankOf = ({ turns: [turn] }: Part): number => (turn?.check.timeScale === undefined ? 2 : turn.check.trial.kind === "silence" ? 0 : 1);

/** A trial that may end at its fault lasts as long as one that passes. */
const lastsMs = ({ turns: [turn], reloads }: Part): number => {
  if (!turn) return 0;
  const { trial } = turn.check;
  const { usually, passes = usually } = definitionOf(reloads ? { kind: "reload" } : trial).takesMs;
  return trial.kind === "client-stalling" ? afterTimeoutsMs : turn.until ? passes : usually;
};

/** Its large body takes the processors that measured timeouts need, so it comes after what lasts seconds. */
const afterTimeoutsMs = 2500;
