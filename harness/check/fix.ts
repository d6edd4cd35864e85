// The smallest change that fixes a fault and breaks nothing else: all trials of the route run again through the copy that has it.
import { isAbsolute, normalize, relative } from "node:path";
import { createTwoFilesPatch } from "diff";
import type { Source } from "../model/verdict.ts";
import type { ProvenFix } from "../report/check-report.ts";
import type { ObservedCheck } from "./observed.ts";
import type { ConfigFile, Edit, Fix } from "./configuration.ts";
import { applyEdits } from "./edits.ts";
import type { CheckedConfig } from "./server.ts";
import { aboutFix, isGoneIn } from "./search.ts";
import type { Blamed, Fault } from "./search.ts";
import { ranIn, trialIn } from "./tried.ts";
import type { Experiment, Subject, Trials, Trying } from "./tried.ts";

/** With the edits that make it. `isPartly`: only some trials of the route have run with it, and it is proven as a part of the route's fix. */
export interface Proven {
  isPartly?: true;
  fix: ProvenFix;
  edits: Edit[];
  /** The trials of the route with it alone. */
  whole: Trials;
}

/** In the order of `blamed`; null where no fix is proven. */
export const fixesOf = async (
  { deployment }: CheckedConfig,
  blamed: readonly Blamed[],
  observedOn: ReadonlyMap<string, readonly ObservedCheck[]>,
  trying: Trying,
  /** Ids of the routes whose trials got bodies out of a cache. */
  ofSource: ReadonlySet<string> = sharedIn(blamed),
): Promise<(Proven | null)[]> => {
  const proven = blamed.map((): Proven | null => null);
  // All at once, then those again whose first fix breaks something.
  for (let next = 0; ; next++) {
    const turn = blamed.flatMap((one, index) => {
      const fix = one.fixes[next];
      return proven[index] === null && fix ? [{ one, index, fix, observed: observedOn.get(one.faults[0]?.route.id ?? "") ?? [] }] : [];
    });
    if (turn.length === 0) break;
    // oxlint-disable-next-line no-await-in-loop
    const wholes = await wholesOf(turn, trying);
    const attempts = turn.flatMap(({ one, index, fix, observed }, at) => {
      // One experiment serves all routes that its lines are in effect for.
      const whole = wholes[at]?.filter(({ route }) => route.id === one.faults[0]?.route.id);
      if (!whole || !one.faults.every((fault) => isGoneIn(fault, whole))) return [];
      const isShared = ofSource.has(one.faults[0]?.route.id ?? "");
      const breaks = (trials: Trials) => brokenIn(observed, trials, isShared);
      return [
        {
          one,
          index,
          fix,
          observed,
          isShared,
          edits: fix.edits,
          trials: whole,
          breaks,
          about: one.faults.slice(0, 1).map((fault) => aboutFix(fault, fix)),
        },
      ];
    });
    // oxlint-disable-next-line no-await-in-loop
    const settled = await confirmBroken(attempts, trying);
    for (const [at, { one, index, fix, observed, isShared, breaks }] of attempts.entries()) {
      const whole = settled[at] ?? null;
      if (whole === null || breaks(whole).length > 0) continue;
      const sources = changedSources(observed, whole, isShared);
      proven[index] = { fix: fixWith(deployment.files, one, fix, sources, whole), edits: fix.edits, whole };
    }
  }
  return Promise.all(proven.map(async (one, index) => one ?? applicationFix(blamed[index]!, trying)));
};

/** Ids of the routes whose trials got bodies out of a cache. */
export const sharedIn = (blamed: readonly Blamed[]): Set<string> =>
  new Set(blamed.flatMap(({ faults }) => faults.flatMap(({ route, facet }) => (facet?.facet === "source" ? [route.id] : []))));

interface Attempt {
  one: Blamed;
  fix: Fix;
  observed: readonly ObservedCheck[];
}

/** All trials of the route with each fix: those that have not run yet run concurrently. */
const wholesOf = async (attempts: readonly Attempt[], trying: Trying): Promise<(Trials | null)[]> => {
  const wholes = attempts.map(({ one, fix }) => one.wholeOf(fix));
  const missing = attempts.filter((_, index) => wholes[index] === null);
  if (missing.length === 0) return wholes;
  const tried = await trying(
    missing.map(({ one, fix, observed }) => ({
      edits: fix.edits,
      faults: wholeFor(one, observed),
      about: [aboutFix(one.faults[0]!, fix)],
    })),
  );
  return wholes.map((whole, index) => whole ?? ranIn(tried[missing.indexOf(attempts[index]!)]));
};

/** The route's trials, and further checks that show a fault. */
const wholeFor = ({ faults }: Blamed, observed: readonly ObservedCheck[]): Experiment["faults"] => [
  ...observed.map(({ check }) => ({ route: faults[0]!.route, check })),
  ...faults.filter((fault) => !observed.some(({ check }) => check.id === fault.check.id)),
];

export const fixWith = (files: ConfigFile[], { faults }: Blamed, fix: Fix, sources: readonly string[], whole: Trials): ProvenFix => {
  const [first] = faults as [Fault, ...Fault[]];
  return {
    title: fix.title,
    diff: diffOf(files, applyEdits(files, fix.edits)),
    headers: null,
    before: first.evidence,
    after: afterOf(first, whole),
    costs: [...(fix.cost === null ? [] : [fix.cost]), ...sources],
    link: fix.link,
  };
};

/** The trials that passed and no longer do. `isShared`: the route already has the fault that its trials get each other's bodies. */
export const brokenIn = (before: readonly ObservedCheck[], after: Trials, isShared: boolean): Trials =>
  before.flatMap(({ check, result }) => {
    const now = after.find((one) => one.check.id === check.id);
    const isBroken = result.report.outcome === "pass" && now?.result.report.outcome === "fail";
    return isBroken && !(isShared && isOfAnotherTrial(sourceIn(now.result))) ? [now] : [];
  });

/** The trials of each attempt, those that it broke from a second run: only what breaks again is caused by the change, and not by the
 *  machine. Null where the second run could not be done, so that neither is known. */
export const confirmBroken = async (
  attempts: readonly { edits: Edit[]; trials: Trials; breaks: (trials: Trials) => Trials; about?: Subject[] }[],
  trying: Trying,
): Promise<(Trials | null)[]> => {
  const doubtful = attempts.filter(({ trials, breaks }) => breaks(trials).length > 0);
  const again =
    doubtful.length === 0
      ? []
      : await trying(doubtful.map(({ edits, trials, breaks, about = [] }) => ({ edits, faults: breaks(trials), about })));
  return attempts.map((attempt) => {
    if (!doubtful.includes(attempt)) return attempt.trials;
    const second = ranIn(again[doubtful.indexOf(attempt)]);
    return second && attempt.trials.map((one) => trialIn(second, one) ?? one);
  });
};

export const afterOf = ({ check, facet, sees }: Fault, whole: Trials): string => {
  const result = whole.find((one) => one.check.id === check.id)?.result;
  if (result && sees) return sees(result);
  const now = result?.report;
  return now?.facets.find((one) => one.facet === facet?.facet)?.evidence ?? now?.why ?? "";
};

/** A fix may change the source of a body as a side effect: a response is no longer cached. `isWanted`: the origin as the source is wanted. */
export const changedSources = (before: readonly ObservedCheck[], after: Trials, isWanted: boolean): string[] =>
  before.flatMap(({ check, result }) => {
    const was = sourceIn(result);
    const is = sourceIn(after.find((one) => one.check.id === check.id)?.result);
    if (!was || !is || was.member === is.member || isOfAnotherTrial(was) || isOfAnotherTrial(is)) return [];
    return isWanted && is.member === "origin" ? [] : [`${check.id}: the body's source was ${was.member} and is ${is.member}`];
  });

const sourceIn = (result: ObservedCheck["result"] | undefined): Source | undefined =>
  result?.report.facets.find((one) => one.facet === "source")?.observation;

/** Trials of one route share its cache, and which of them comes first is chance. */
const isOfAnotherTrial = (source: Source | undefined): boolean => source?.member === "cached" && source.ageMs === null;

/** What only the application can do is proven by an origin that does it. */
const applicationFix = async ({ faults, forApplication }: Blamed, trying: Trying): Promise<Proven | null> => {
  const [first] = faults;
  if (!first || forApplication.length === 0) return null;
  const results = await trying(
    forApplication.map(({ headers, title }) => ({
      edits: [],
      about: [aboutFix(first, { title })],
      faults: faults.map(({ route, check }) => ({
        route,
        check: { ...check, response: { ...check.response, headers: [...(check.response.headers ?? []), ...headers] } },
      })),
    })),
  );
  for (const [index, fix] of forApplication.entries()) {
    const observed = ranIn(results[index]);
    if (!observed || !faults.every((fault) => isGoneIn(fault, observed))) continue;
    const { title, headers, link } = fix;
    return {
      fix: { title, diff: null, headers, before: first.evidence, after: afterOf(first, observed), costs: [], link },
      edits: [],
      whole: observed,
    };
  }
  return null;
};

/** A diff that `git apply` takes in the folder `root`. */
export const diffOf = (before: readonly ConfigFile[], after: readonly ConfigFile[], root = process.cwd()): string =>
  after
    .flatMap(({ path, text }, index) => {
      const was = before[index]?.text ?? null;
      if (was === null || text === null || was === text) return [];
      const name = pathIn(root, path);
      return [createTwoFilesPatch(`a/${name}`, `b/${name}`, was, text, undefined, undefined, { context: 2 }).replace(/^=+\n/, "")];
    })
    .join("");

/** Relative where it can be; `git apply` knows neither absolute paths nor `.`. */
const pathIn = (root: string, path: string): string => {
  if (!isAbsolute(path)) return normalize(path);
  const within = relative(root, path);
  return within.startsWith("..") ? path.replace(/^\/+/, "") : within;
};
