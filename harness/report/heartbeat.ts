// How often something has to be sent so that no timeout cuts a silent stream. Pure.
import { heartbeatFor } from "../model/heartbeat.ts";
import { probablySetMs } from "./probably-set.ts";
import type { CheckReport, CheckRoute } from "./check-report.ts";

type Limit = CheckRoute["limits"][number];

const noticedMs = 120_000;

const isIdle = ({ kind }: Limit): boolean => kind === "idle-timeout" || kind === "unclassified";

/** Half of a timeout leaves room for what its measurement is wrong by. */
const everyMs = (limit: Limit): number => heartbeatFor(probablySetMs(limit)) ?? limit.ms / 2;

const seconds = (ms: number): string => `${Number((ms / 1000).toFixed(1))} s`;

/** `; a heartbeat at least every 30 s keeps the stream alive`. */
export const heartbeatWords = (limit: Limit): string => {
  if (isIdle(limit)) return `; a heartbeat at least every ${seconds(everyMs(limit))} keeps the stream alive`;
  return limit.kind === "total-timeout" ? "; heartbeats do not help: the client has to reconnect and resume before then" : "";
};

/** For the summary: the strictest of all routes, up to two minutes. */
export const heartbeatSentence = ({ routes }: Pick<CheckReport, "routes">): string[] => {
  const idle = routes.flatMap(({ id, limits }) =>
    limits.filter((limit) => isIdle(limit) && limit.ms <= noticedMs).map((limit) => ({ id, limit })),
  );
  const [strictest] = idle.toSorted((a, b) => a.limit.ms - b.limit.ms);
  if (!strictest) return [];
  const { id, limit } = strictest;
  return [`at least every ${seconds(everyMs(limit))}: the shortest idle timeout is ${seconds(probablySetMs(limit))} (${id})`];
};
