// Lines that are only written for a route that streams. Pure.
import type { Sign } from "../../intent.ts";
import type { Route } from "../../configuration.ts";
import { ancestors, isOfUser, linesOf, spotOf } from "./context.ts";
import type { Parsed, Spot } from "./context.ts";
import { families } from "./families.ts";
import { wordsOf } from "./lines.ts";
import type { SignRule } from "./rules.ts";
import type { Directive } from "./tree.ts";

const rules = families.flatMap(({ signs = [] }) => signs);

export const signsOf = (configuration: Parsed, route: Route): Sign[] => {
  const spot = spotOf(configuration, route);
  return spot ? rules.flatMap((rule) => linesFor(spot, rule).map((line) => ({ directive: wordsOf(spot, line), place: line.place }))) : [];
};

/** What all servers share says nothing of one route. */
const linesFor = (spot: Spot, { directive, like }: SignRule): Directive[] =>
  linesOf(spot, directive).filter((line) => isWithinServer(line) && isOfUser(spot, line) && like(line.args));

const isWithinServer = (line: Directive): boolean => ancestors(line).some(({ name }) => name === "server");
