// What trials with a slow client show of what the server keeps meanwhile: a fact, no fault. Pure.
import { keptAheadIn } from "../model/kept-ahead.ts";
import type { CheckRoute } from "../report/check-report.ts";
import type { Keeping } from "./configuration.ts";
import type { ObservedCheck } from "./observed.ts";

export const slowClientsOf = (observed: readonly ObservedCheck[], keeping: Keeping | null): Pick<CheckRoute, "slowClients"> => {
  const slowClients = observed.flatMap(({ check, result: { trace } }) => {
    // Beside others, the memory and the files are not its own.
    const kept = check.hasOwnServer && trace ? keptAheadIn(trace) : null;
    if (!kept) return [];
    const temporaryBytes = keeping?.isKeptAfterwards ? null : kept.temporaryBytes;
    return [{ check: check.id, ...kept, temporaryBytes, decidedBy: keeping && decidedBy(keeping) }];
  });
  return slowClients.length > 0 ? { slowClients } : {};
};

const decidedBy = ({ directive, place, says }: Keeping): NonNullable<NonNullable<CheckRoute["slowClients"]>[number]["decidedBy"]> => ({
  directive,
  at: place && { file: place.file, line: place.line, column: place.column },
  says,
});
