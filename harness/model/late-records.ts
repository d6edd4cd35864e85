// How late records and header sections came. Pure.
import type { CaseTrace } from "./trace.ts";

/** The median time from the write of a record to its arrival at the client; 0 if the client did not keep up. */
export const recordsLateMs = ({ origin: [origin], clients: [client] }: Pick<CaseTrace, "origin" | "clients">): number => {
  if (!origin || !client || origin.unacknowledged !== null) return 0;
  const lags = origin.writes.flatMap(({ at, records }) => {
    const came = client.recordsAt[records - 1];
    return came === undefined ? [] : [came - at];
  });
  return lags.toSorted((a, b) => a - b)[lags.length >> 1] ?? 0;
};

/** The same for the header section, if it was alone. */
export const headersLateMs = ({ origin: [origin], exchanges }: Pick<CaseTrace, "origin" | "exchanges">): number => {
  const at = origin?.headersAt ?? null;
  const first = origin?.writes[0]?.at ?? null;
  const came = exchanges.filter(({ client }) => client === 0).toSorted((a, b) => b.link - a.link)[0]?.response?.at;
  return at === null || first === null || first - at < aloneMs || came === undefined ? 0 : came - at;
};

/** Longer than an origin takes from its header section to its first record without a planned pause. */
export const aloneMs = 200;
