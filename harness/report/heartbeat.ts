// How often something has to be sent so that no timeout cuts a silent stream. Pure.
import type { CheckReport, CheckRoute } from "./check-report.ts";

type Limit = CheckRoute["limits"][number];

const noticedMs = 120_000;

const isIdle = ({ kind }: Limit): boolean => kind === "idle-timeout" || kind === "unclassified";

/** Half of the timeout, in whole seconds where it has any: one that is late or lost does no harm then. */
const everyMs = ({ ms }: Limit): number => (ms < 4000 ? ms / 2 : 1000 * Math.round(ms / 2000));

const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))} s`;

/** `; a heartbeat at least every 30 s survives it`. */
export const heartbeatWords = (limit: Limit): string => {
  if (isIdle(limit)) return `; a heartbeat at least every ${seconds(everyMs(limit))} survives it`;
  return limit.kind === "total-timeout" ? "; no heartbeat survives it: the client has to reconnect before" : "";
};

/** For the summary: the strictest of all routes, up to two minutes. */
export const heartbeatSentence = ({ routes }: Pick<CheckReport, "routes">): string[] => {
  const idle = routes.flatMap(({ id, limits }) =>
    limits.filter((limit) => isIdle(limit) && limit.ms <= noticedMs).map((limit) => ({ id, limit })),
  );
  const [strictest] = idle.toSorted((a, b) => a.limit.ms - b.limit.ms);
  if (!strictest) return [];
  const { id, limit } = strictest;
  return [`at least every ${seconds(everyMs(limit))}: the shortest idle timeout is ${seconds(limit.ms)} (${id})`];
};
