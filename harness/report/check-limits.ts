// Sentences about timeouts: those found, and those that did not fire.
import type { Limit } from "../model/verdict.ts";
import type { CheckReport, CheckRoute } from "./check-report.ts";

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** `59.8–60.4 s`; one number if both are equal. */
const range = (leastMs: number, mostMs: number): string =>
  seconds(leastMs) === seconds(mostMs) ? seconds(leastMs) : `${(leastMs / 1000).toFixed(1)}–${seconds(mostMs)}`;

const limitWords: Record<CheckRoute["limits"][number]["kind"], (time: string) => string> = {
  "first-byte-timeout": (time) => `waits ${time} for the first byte of a response`,
  "idle-timeout": (time) => `cuts a silent stream after ${time}`,
  "total-timeout": (time) => `cuts every stream after ${time}, silent or not`,
  "write-timeout": (time) => `cuts a stream whose client reads nothing for ${time}`,
  unclassified: (time) => `cuts a stream after ${time} (idle or total timeout: not distinguished)`,
};

const seenWords: Record<string, string> = {
  silent: ", which looks complete to the client",
  "error-response": ", then answers with its own error",
  "no-response": ", then closes without a response",
  hung: ", then leaves the client waiting",
};

/** `mostMs`: the largest of several routes; `ms` is the smallest. */
export const limitSentence = ({ kind, ms, uncertaintyMs, seenAs, timeScale }: CheckRoute["limits"][number], mostMs = ms): string =>
  `${limitWords[kind](`${range(ms, mostMs)}${uncertaintyWords(ms, uncertaintyMs)}`)}${seenWords[seenAs] ?? ""}${scaleWords(timeScale)}`;

/** ` ± 12.3 s`, where the number alone would look more exact than it is. */
const uncertaintyWords = (ms: number, uncertaintyMs: number): string =>
  uncertaintyMs > notableShare * ms ? ` ± ${seconds(uncertaintyMs)}` : "";

const notableShare = 0.05;

const scaleWords = (timeScale: number): string => (timeScale === 1 ? "" : ` (measured with a clock ${timeScale}× faster)`);

const noLimitWords: Record<Limit, string> = {
  "first-byte-timeout": "first-byte timeout",
  "idle-timeout": "idle timeout",
  "total-timeout": "total timeout",
  "write-timeout": "write timeout",
};

interface NoLimits {
  kinds: string;
  ms: number;
  timeScale: number;
}

const sentenceOfNone = ({ kinds, ms, timeScale }: NoLimits): string => `no ${kinds} found within ${seconds(ms)}${scaleWords(timeScale)}`;

export const noLimitSentence = (route: Pick<CheckRoute, "noLimits">): string[] => noLimitsOf(route).map(sentenceOfNone);

/** Kinds that were waited for equally long share a sentence. */
const noLimitsOf = ({ noLimits = [] }: Pick<CheckRoute, "noLimits">): NoLimits[] =>
  [...Map.groupBy(noLimits, ({ atLeastMs, timeScale }) => `${seconds(atLeastMs)}${timeScale}`).values()].map((alike) => ({
    kinds: alike.map(({ kind }) => noLimitWords[kind]).join(", "),
    ms: Math.min(...alike.map(({ atLeastMs }) => atLeastMs)),
    timeScale: alike[0]?.timeScale ?? 1,
  }));

interface Statement {
  route: string;
  /** The sentence without its number. */
  about: string;
  ms: number;
  timeScale: number;
  /** 0 of what did not fire. */
  uncertaintyMs: number;
  sentence: (leastMs: number, mostMs: number, uncertaintyMs: number) => string;
}

/** The same timeout measures slightly differently each time: by 2 %, or by 10 ms of real time. */
const isNear = (least: Statement, { ms }: Statement): boolean => ms - least.ms <= Math.max(0.02 * least.ms, 10 * least.timeScale);

/** One sentence for all routes with nearly the same numbers. */
export const limitSentences = ({ routes }: CheckReport): { sentence: string; routes: string[] }[] => {
  const all = routes.flatMap((route): Statement[] => [
    ...route.limits.map((limit) => ({
      ...limit,
      route: route.id,
      about: limitSentence({ ...limit, ms: 0, uncertaintyMs: 0 }),
      sentence: (leastMs: number, mostMs: number, uncertaintyMs: number) => limitSentence({ ...limit, ms: leastMs, uncertaintyMs }, mostMs),
    })),
    ...noLimitsOf(route).map((none) => ({
      ...none,
      route: route.id,
      uncertaintyMs: 0,
      about: sentenceOfNone({ ...none, ms: 0 }),
      // The least holds for all.
      sentence: (leastMs: number) => sentenceOfNone({ ...none, ms: leastMs }),
    })),
  ]);
  const groups: Statement[][] = [];
  for (const one of all.toSorted((a, b) => a.ms - b.ms)) {
    const near = groups.findLast(([least]) => least?.about === one.about && isNear(least, one));
    if (near) near.push(one);
    else groups.push([one]);
  }
  const first = (group: readonly Statement[]): number => all.findIndex((one) => group.includes(one));
  return groups
    .toSorted((a, b) => first(a) - first(b))
    .flatMap((group) => {
      const [least, most] = [group[0], group.at(-1)];
      const ids = all.flatMap((one) => (group.includes(one) ? [one.route] : []));
      return least && most
        ? [
            {
              sentence: least.sentence(least.ms, most.ms, Math.max(...group.map(({ uncertaintyMs }) => uncertaintyMs))),
              routes: [...new Set(ids)],
            },
          ]
        : [];
    });
};
