// Changes that may fix what was seen on a route, smallest first; each acts on this route alone where nginx lets it. Pure.
import type { ApplicationFix, Fix, Route, Symptom } from "../../configuration.ts";
import { contextOf } from "./context.ts";
import type { Parsed } from "./context.ts";
import { families } from "./families.ts";
import { fixesOf } from "./fix-rule.ts";
import { kindOf } from "./kinds.ts";
import { inOrder, smallest } from "./order.ts";

export const fixes = (configuration: Parsed, route: Route, symptom: Symptom): (Fix | ApplicationFix)[] => {
  const context = contextOf(configuration, route, symptom);
  if (!context) return [];
  const kind = kindOf(symptom);
  const rules = families.flatMap((family) => family.fixes?.[kind] ?? []);
  return fixesOf(context, {
    rules: inOrder(rules, smallest[kind], ({ id, key = id }) => key),
    application: families.flatMap((family) => family.application?.[kind] ?? []),
  });
};
