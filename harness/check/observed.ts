// A standard trial of a route, and what came of it.
import type { Result } from "../session/attempt.ts";
import type { Check } from "./checks.ts";
import type { Crowded } from "./parts.ts";

export interface ObservedCheck {
  check: Check;
  result: Result;
  crowded?: Crowded;
}
