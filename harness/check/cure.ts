// The smallest change that cures a fault and breaks nothing else: all trials of the route are played again through the copy that has it.
import { createTwoFilesPatch } from "diff";
import type { Source } from "../model/verdict.ts";
import type { Cure } from "../report/check-report.ts";
import type { PlayedCheck } from "./check.ts";
import type { ConfigFile, Configuration, Edit, Remedy } from "./configuration.ts";
import { applyEdits } from "./edits.ts";
import { isGoneIn } from "./search.ts";
import type { Blamed, Fault, Tried, Trying } from "./search.ts";

/** With the edits that make it. */
export interface Proven {
  cure: Cure;
  edits: Edit[];
}

/** In the order of what is blamed; null where nothing is proven to cure. */
export const curesOf = async (
  configuration: Configuration,
  blamed: readonly Blamed[],
  playedOn: ReadonlyMap<string, readonly PlayedCheck[]>,
  trying: Trying,
): Promise<(Proven | null)[]> => {
  const proven = blamed.map((): Proven | null => null);
  const ofSource = sharedIn(blamed);
  // All at once, then those again whose first remedy breaks something.
  for (let next = 0; ; next++) {
    const turn = blamed.flatMap((one, index) => {
      const remedy = one.remedies[next];
      return proven[index] === null && remedy ? [{ one, index, remedy, played: playedOn.get(one.faults[0]?.route.id ?? "") ?? [] }] : [];
    });
    if (turn.length === 0) break;
    // oxlint-disable-next-line no-await-in-loop
    const wholes = await wholesOf(turn, trying);
    const attempts = turn.flatMap(({ one, index, remedy, played }, at) => {
      // One experiment serves all routes that its lines are in effect for.
      const whole = wholes[at]?.filter(({ route }) => route.id === one.faults[0]?.route.id);
      if (!whole || !one.faults.every((fault) => isGoneIn(fault, whole))) return [];
      const isShared = ofSource.has(one.faults[0]?.route.id ?? "");
      const breaks = (tried: Tried) => brokenIn(played, tried, isShared);
      return [{ one, index, remedy, played, isShared, edits: remedy.edits, tried: whole, breaks }];
    });
    // oxlint-disable-next-line no-await-in-loop
    const twice = await brokenTwice(attempts, trying);
    for (const [at, { one, index, remedy, played, isShared, breaks }] of attempts.entries()) {
      const whole = twice[at] ?? [];
      if (breaks(whole).length > 0) continue;
      const sources = changedSources(played, whole, isShared);
      proven[index] = { cure: cureWith(configuration, one, remedy, sources, whole), edits: remedy.edits };
    }
  }
  return Promise.all(proven.map(async (one, index) => one ?? applicationCure(blamed[index]!, trying)));
};

/** Ids of the routes whose trials were seen to get bodies out of a store. */
export const sharedIn = (blamed: readonly Blamed[]): Set<string> =>
  new Set(blamed.flatMap(({ faults }) => faults.flatMap(({ route, symptom }) => (symptom.facet === "source" ? [route.id] : []))));

interface Attempt {
  one: Blamed;
  remedy: Remedy;
  played: readonly PlayedCheck[];
}

/** All trials of the route with each remedy: those that were not played yet, all at the same time. */
const wholesOf = async (attempts: readonly Attempt[], trying: Trying): Promise<(Tried | null)[]> => {
  const wholes = attempts.map(({ one, remedy }) => one.wholeOf(remedy));
  const missing = attempts.filter((_, index) => wholes[index] === null);
  if (missing.length === 0) return wholes;
  const tried = await trying(
    missing.map(({ one, remedy, played }) => ({
      edits: remedy.edits,
      faults: played.map(({ check }) => ({ route: one.faults[0]!.route, check })),
    })),
  );
  return wholes.map((whole, index) => whole ?? tried[missing.indexOf(attempts[index]!)] ?? null);
};

const cureWith = (configuration: Configuration, { faults }: Blamed, remedy: Remedy, sources: readonly string[], whole: Tried): Cure => {
  const [first] = faults as [Fault, ...Fault[]];
  return {
    title: remedy.title,
    diff: diffOf(configuration.files, applyEdits(configuration.files, remedy.edits)),
    headers: null,
    before: first.evidence,
    after: afterOf(first, whole),
    costs: [...(remedy.cost === null ? [] : [remedy.cost]), ...sources],
    link: remedy.link,
  };
};

/** What passed must pass on: the trials that do not. `isShared`: that the route's trials get each other's bodies is a fault of it already. */
export const brokenIn = (before: readonly PlayedCheck[], after: Tried, isShared: boolean): Tried =>
  before.flatMap(({ check, result }) => {
    const now = after.find((one) => one.check.id === check.id);
    const isBroken = result.report.outcome === "pass" && now?.result.report.outcome === "fail";
    return isBroken && !(isShared && isOfAnotherTrial(sourceIn(now.result))) ? [now] : [];
  });

/** What came of each attempt, with what it broke played once more: only what breaks twice is the change's doing, and not the machine's. */
export const brokenTwice = async (
  attempts: readonly { edits: Edit[]; tried: Tried; breaks: (tried: Tried) => Tried }[],
  trying: Trying,
): Promise<Tried[]> => {
  const doubtful = attempts.filter(({ tried, breaks }) => breaks(tried).length > 0);
  const again = doubtful.length === 0 ? [] : await trying(doubtful.map(({ edits, tried, breaks }) => ({ edits, faults: breaks(tried) })));
  return attempts.map((attempt) => {
    const second = again[doubtful.indexOf(attempt)] ?? [];
    return attempt.tried.map((one) => second.find(({ route, check }) => route.id === one.route.id && check.id === one.check.id) ?? one);
  });
};

const afterOf = ({ check, symptom }: Fault, whole: Tried): string => {
  const now = whole.find((one) => one.check.id === check.id)?.result.report;
  return now?.facets.find((one) => one.facet === symptom.facet)?.evidence ?? now?.why ?? "";
};

/** Whose body it is may change although nobody asked for that: a response that is no longer cached. `isWanted`: the origin's own is. */
export const changedSources = (before: readonly PlayedCheck[], after: Tried, isWanted: boolean): string[] =>
  before.flatMap(({ check, result }) => {
    const was = sourceIn(result);
    const is = sourceIn(after.find((one) => one.check.id === check.id)?.result);
    if (!was || !is || was.member === is.member || isOfAnotherTrial(was) || isOfAnotherTrial(is)) return [];
    return isWanted && is.member === "origin" ? [] : [`${check.id}: the body's source was ${was.member} and is ${is.member}`];
  });

const sourceIn = (result: PlayedCheck["result"] | undefined): Source | undefined =>
  result?.report.facets.find((one) => one.facet === "source")?.finding;

/** Trials of one route share its store, and which of them comes first is chance. */
const isOfAnotherTrial = (source: Source | undefined): boolean => source?.member === "cached" && source.ageMs === null;

/** What only the application can do is proven by an origin that does it. */
const applicationCure = async ({ faults, forApplication }: Blamed, trying: Trying): Promise<Proven | null> => {
  const [first] = faults;
  if (!first || forApplication.length === 0) return null;
  const results = await trying(
    forApplication.map(({ headers }) => ({
      edits: [],
      faults: faults.map(({ route, check }) => ({
        route,
        check: { ...check, response: { ...check.response, headers: [...(check.response.headers ?? []), ...headers] } },
      })),
    })),
  );
  for (const [index, remedy] of forApplication.entries()) {
    const played = results[index];
    if (!played || !faults.every((fault) => isGoneIn(fault, played))) continue;
    const { title, headers, link } = remedy;
    return { cure: { title, diff: null, headers, before: first.evidence, after: afterOf(first, played), costs: [], link }, edits: [] };
  }
  return null;
};

const diffOf = (before: readonly ConfigFile[], after: readonly ConfigFile[]): string =>
  after
    .flatMap(({ path, text }, index) => {
      const was = before[index]?.text ?? null;
      if (was === null || text === null || was === text) return [];
      return [createTwoFilesPatch(`a/${path}`, `b/${path}`, was, text, undefined, undefined, { context: 2 }).replace(/^=+\n/, "")];
    })
    .join("");
