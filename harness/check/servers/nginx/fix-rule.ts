// How fixes are made of rules. Pure.
import type { ApplicationFix, Fix } from "../../configuration.ts";
import { fitTogether } from "../../edits.ts";
import { localWords } from "./dialects.ts";
import { setLines } from "./lines.ts";
import { pageOf } from "./pages.ts";
import type { Context } from "./context.ts";
import type { FixRule } from "./rules.ts";

export interface FixRules {
  /** Smallest first. */
  rules: FixRule[];
  /** What only the application can do. */
  application: ApplicationFix[];
}

export const fixesOf = (context: Context, { rules, application }: FixRules): (Fix | ApplicationFix)[] => {
  const made = rules.filter(({ when }) => when(context)).map((rule) => ({ rule, fix: fixOf(context, rule) }));
  const parts = made.flatMap(({ rule, fix }) => (rule.part ? [fix] : []));
  const last = made.findLastIndex(({ rule }) => rule.part);
  const fixes = made.flatMap(({ fix }, at) => (at === last ? [fix, ...combined(parts)] : [fix]));
  return [...distinct(fixes.filter(({ edits }) => edits.length > 0)), ...application];
};

/** Two at a time, then all of them. */
const combined = (parts: Fix[]): Fix[] => {
  const pairs = parts.flatMap((one, at) => parts.slice(at + 1).map((other) => [one, other]));
  return (parts.length > 2 ? [...pairs, parts] : pairs).flatMap(together);
};

/** Two ways to the same text are one. */
const distinct = (fixes: Fix[]): Fix[] =>
  fixes.filter(({ edits }, at) => fixes.findIndex((other) => JSON.stringify(other.edits) === JSON.stringify(edits)) === at);

const fixOf = (context: Context, { id, title, change, cost, against, link }: FixRule): Fix => ({
  id,
  title: localWords(context, typeof title === "string" ? title : title(context)),
  edits: Array.isArray(change) ? setLines(context, change) : change(context),
  cost: typeof cost === "function" ? localWords(context, cost(context)) : cost,
  against: against ?? [id],
  link: link ?? pageOf(id),
});

const together = (parts: Fix[]): Fix[] => {
  const edits = parts.flatMap((part) => part.edits);
  const titles = parts.map(({ title }) => title);
  if (!fitTogether(edits)) return [];
  return [
    {
      id: parts.map(({ id }) => id).join("+"),
      title: titles.join("; "),
      edits,
      cost: parts.flatMap(({ cost }) => cost ?? []).join("; ") || null,
      // Each part ends something else, and each is proposed by itself.
      against: [],
      link: parts[0]?.link ?? "",
    },
  ];
};
