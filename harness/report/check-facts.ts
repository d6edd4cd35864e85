// Sentences about what was measured of routes besides faults: timeouts, and what is kept for slow clients.
import { limitSentence, limitSentences, noLimitSentence } from "./check-limits.ts";
import type { CheckReport, CheckRoute } from "./check-report.ts";
import { placeOf } from "./check-words.ts";

type Kept = NonNullable<CheckRoute["slowClients"]>[number];

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

/** Of all of it, what is known. */
const placesOfKept = ({ aheadBytes, temporaryBytes, memoryBytes }: Kept): string => {
  if (memoryBytes === null) return `${mebibytes(aheadBytes)} were in the server and in sockets (which of them could not be read)`;
  const rest = mebibytes(Math.max(0, aheadBytes - (temporaryBytes ?? 0) - memoryBytes));
  return temporaryBytes === null
    ? `${mebibytes(memoryBytes)} were in the server's memory, ${rest} in files and sockets (which of them is not known)`
    : `${mebibytes(temporaryBytes)} were in temporary files, ${mebibytes(memoryBytes)} in the server's memory, ${rest} in sockets`;
};

const keptSentence = (kept: Kept): string => {
  const { pausedMs, totalBytes, waitingBytes, decidedBy } = kept;
  const why = decidedBy ? `; ${decidedBy.at ? `${placeOf(decidedBy.at)}: ` : ""}${decidedBy.directive}: ${decidedBy.says}` : "";
  const waiting = `and ${mebibytes(waitingBytes)} waited in the application`;
  return `while a client paused for ${pausedMs / 1000} s in the middle of ${mebibytes(totalBytes)}, ${placesOfKept(kept)}, ${waiting}${why}`;
};

/** Of all trials of a route by various protocols the first: they hardly differ, and JSON has all. */
const keptOn = ({ slowClients = [] }: CheckRoute): string[] => slowClients.slice(0, 1).map(keptSentence);

/** One sentence for all routes of which it is true. */
export const factSentences = (report: CheckReport): { sentence: string; routes: string[] }[] => [
  ...limitSentences(report),
  ...report.routes.flatMap((route) => keptOn(route).map((sentence) => ({ sentence, routes: [route.id] }))),
];

export const factsOf = (route: CheckRoute): string[] => [
  ...route.limits.map((limit) => limitSentence(limit)),
  ...noLimitSentence(route),
  ...keptOn(route),
];
