// Experiments that could not run: the question that stays open, and why. Pure.
import type { CheckReport, ExperimentNotRun } from "./check-report.ts";
import { placeOf } from "./check-words.ts";

const questions: Record<ExperimentNotRun["experiment"], (what: string) => string> = {
  suspect: (what) => `whether ${what} is the culprit`,
  fix: (what) => `whether this is a fix: ${what}`,
  "no-effect": (what) => `whether ${what} has an effect`,
  "fixes-together": (what) => `whether these fixes work together: ${what}`,
  streams: (what) => `which of ${what} is the first to be refused or delayed`,
  outage: () => "whether the server answers by itself after requests that fail",
  repetition: (what) => `whether it happens again with nothing changed: ${what}`,
};

const reasons: Record<ExperimentNotRun["reason"], string> = {
  "server-not-started": "the changed copy could not be started",
  "trial-not-run": "a trial on the changed copy could not run",
};

interface NotCheckedSentence {
  /** The line in question, otherwise the route's line. */
  at: ExperimentNotRun["at"];
  route: string;
  text: string;
}

/** Without duplicates. */
export const notCheckedSentences = ({ experimentsNotRun = [], routes }: CheckReport): NotCheckedSentence[] => {
  const all = experimentsNotRun.map(({ experiment, route, what, at, reason, why }) => ({
    at: at ?? routes.find(({ id }) => id === route)?.at ?? null,
    route,
    text: `${route}: not checked ${questions[experiment](at ? `${what} (${placeOf(at)})` : what)}: ${reasons[reason]}: ${why}`,
  }));
  return [...new Map(all.map((one) => [one.text, one])).values()];
};
