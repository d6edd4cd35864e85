// From what is documented to the timeouts of a hop. Pure.
import type { DocumentedLimit, PlatformDefinition } from "../define.ts";
import type { HopLimits, LimitSource, MeasuredLimit, TimeLimit } from "../model/time-limit.ts";

export const documentedLimit = (
  hop: string,
  { kind, ms, scope, side, seenAs, range, formerly }: DocumentedLimit,
  source: LimitSource,
  measured: MeasuredLimit | null,
): TimeLimit => ({
  hop,
  kind,
  ms: ms ?? "none",
  source,
  measured,
  ...(scope === undefined ? {} : { scope }),
  ...(side === undefined ? {} : { side }),
  ...(seenAs === undefined ? {} : { seenAs }),
  ...(range === undefined ? {} : { range }),
  ...(formerly === undefined ? {} : { formerly }),
});

/** `scope`: without the timeouts of others; null: all, since which one is used is not known. */
export const platformLimits = (
  hop: string,
  { limits, pages, read, remarks = [] }: PlatformDefinition,
  scope: string | null,
): HopLimits => ({
  hop,
  limits: limits
    .filter((limit) => scope === null || limit.scope === undefined || limit.scope === scope)
    .map((limit) =>
      documentedLimit(
        hop,
        limit,
        { from: "platform", pages: limit.page === undefined ? pages : [limit.page], read, setBy: limit.setBy ?? null },
        null,
      ),
    ),
  remarks,
});
