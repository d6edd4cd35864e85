// Lines that are believed to help streams and may have no effect: tried by removing them. Pure.
import type { Edit, NoEffectCandidate, Route } from "../../configuration.ts";
import { removeLines, replaceLine, wordsOf } from "./lines.ts";
import { pageOf } from "./pages.ts";
import { families } from "./families.ts";
import { hidesOthers, isOfUser, linesOf, ownLines, spotOf } from "./context.ts";
import type { Parsed, Spot } from "./context.ts";
import type { Directive } from "./tree.ts";

const beliefs = families.flatMap((family) => family.beliefs ?? []);

export const noEffectCandidates = (configuration: Parsed, route: Route): NoEffectCandidate[] => {
  const spot = spotOf(configuration, route);
  if (!spot) return [];
  return beliefs.flatMap(({ directive, like = /^/, own = false, when, belief, isOfTime, because, elsewhere }) =>
    when?.(spot) === false
      ? []
      : (own ? ownLines : linesOf)(spot, directive)
          .filter((line) => isOfUser(spot, line) && (typeof like === "function" ? like : like.test.bind(like))(line.args.join(" ")))
          .map((line) => ({
            id: `${directive}@${line.place.file}:${line.place.line}:${line.place.column}`,
            place: line.place,
            directive: wordsOf(spot, line),
            belief,
            ...(isOfTime ? { isOfTime } : {}),
            ...(because === undefined ? {} : { because }),
            ...(elsewhere === undefined ? {} : { elsewhere }),
            edits: without(spot, line),
            link: pageOf(directive),
          })),
  );
};

const fields = new Set(["add_header", "proxy_set_header"]);

/** The last one of its block is emptied instead: without it outer ones would come into effect. */
const without = (spot: Spot, line: Directive): Edit[] => {
  const alone = linesOf(spot, line.name).length === 1 && hidesOthers(line);
  return alone && fields.has(line.name) ? [replaceLine(line, `${line.name} ${line.args[0]} "";`)] : removeLines(spot, [line]);
};
