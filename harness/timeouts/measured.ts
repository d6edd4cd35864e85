// Which result of the catalog stands beside a documented timeout. Pure.
import type { KeptResult } from "../catalog/results.ts";
import { compare, satisfies } from "../catalog/versions.ts";
import type { LimitKind } from "../define.ts";
import type { MeasuredLimit } from "../model/time-limit.ts";

export interface Asked {
  /** The id in the catalog. */
  id: string;
  variant: string;
  /** `1.26`, `<1.29.7`; null: any. */
  version: string | null;
}

/** Of the version that was asked for, else of the newest. */
const best = (results: readonly KeptResult[], version: string | null): KeptResult | null => {
  const fits = (result: KeptResult): number => Number(version !== null && result.version !== null && satisfies(result.version, version));
  const [first] = results.toSorted((a, b) => fits(b) - fits(a) || compare(b.version ?? "0", a.version ?? "0"));
  return first ?? null;
};

/** Of the scenario that measures it, or of the same variant with the same value, within a tenth. */
export const measuredOf = (
  limit: { kind: LimitKind; ms: number | null; shownBy?: string },
  { id, variant, version }: Asked,
  results: readonly KeptResult[],
): MeasuredLimit | null => {
  const { ms, kind } = limit;
  if (ms === null) return null;
  const isAlike = (result: KeptResult): boolean =>
    result.limits.some((found) => found.kind === kind && Math.abs(found.ms - ms) <= Math.max(100, ms / 10));
  const found = best(
    results.filter((result) =>
      result.server === null
        ? result.scenario === limit.shownBy
        : result.server === id && isAlike(result) && (result.scenario === limit.shownBy || result.variant === variant),
    ),
    version,
  );
  return found && asMeasured(found, kind);
};

const asMeasured = ({ limits, ran, scenario, on }: KeptResult, kind: LimitKind): MeasuredLimit => ({
  ms: limits.find((found) => found.kind === kind)?.ms ?? null,
  ran,
  scenario,
  on,
});

/** What was only measured: of the same variant, the kinds that are not documented. */
export const measuredOnly = (
  { id, variant, version }: Asked,
  documented: readonly LimitKind[],
  results: readonly KeptResult[],
): { kind: LimitKind; ms: number; measured: MeasuredLimit }[] => {
  const own = results.filter((result) => result.server === id && result.variant === variant);
  const kinds = new Set(own.flatMap(({ limits }) => limits.map(({ kind }) => kind)));
  // One that another scenario has classified.
  if (kinds.size > 1 || documented.length > 0) kinds.delete("unclassified");
  return [...kinds]
    .filter((kind) => !documented.includes(kind))
    .flatMap((kind) => {
      const found = best(
        own.filter(({ limits }) => limits.some((limit) => limit.kind === kind)),
        version,
      );
      const measured = found && asMeasured(found, kind);
      return measured && measured.ms !== null ? [{ kind, ms: measured.ms, measured }] : [];
    });
};
