// The smallest change that cures a fault and breaks nothing else: tried on copies, then everything played again through the one that wins.
import { createTwoFilesPatch } from "diff";
import type { Cure } from "../report/check-report.ts";
import type { PlayedCheck } from "./check.ts";
import type { ApplicationRemedy, ConfigFile, Configuration, Dialect, Edit, Remedy } from "./configuration.ts";
import { applyEdits } from "./edits.ts";
import type { Blamed, Fault, Trying } from "./search.ts";

/** With the edits that make it. */
export interface Proven {
  cure: Cure;
  edits: Edit[];
}

const isRemedy = (one: Remedy | ApplicationRemedy): one is Remedy => "edits" in one;

export const cureOf = async (
  dialect: Dialect,
  configuration: Configuration,
  { faults, suspect }: Blamed,
  played: readonly PlayedCheck[],
  trying: Trying,
): Promise<Proven | null> => {
  const [first] = faults;
  if (!first) return null;
  const { route, symptom } = first;
  const all = dialect.remedies(configuration, route, symptom);
  const remedies = all.filter(isRemedy);
  const quick = await trying(remedies.map(({ edits }) => ({ edits, faults })));
  for (const [index, remedy] of remedies.entries()) {
    const results = quick[index];
    if (!results || !faults.every((fault) => results.some(({ check, result }) => check.id === fault.check.id && fault.isGone(result))))
      continue;
    const [whole] = await trying([{ edits: remedy.edits, faults: played.map(({ check }) => ({ route, check })) }]);
    if (!whole || breaksSomething(played, whole)) continue;
    const cure: Cure = {
      title: remedy.title,
      diff: diffOf(configuration.files, applyEdits(configuration.files, remedy.edits)),
      headers: null,
      before: first.evidence,
      after: afterOf(first, whole),
      costs: costsOf(remedy, played, whole),
      link: remedy.link,
    };
    return { cure, edits: remedy.edits };
  }
  const cure = await applicationCure(all, faults, suspect?.link ?? "", trying);
  return cure && { cure, edits: [] };
};

/** What passed must pass on. */
const breaksSomething = (before: readonly PlayedCheck[], after: readonly PlayedCheck[]): boolean =>
  before.some(({ check, result }) => {
    const now = after.find((one) => one.check.id === check.id);
    return result.report.outcome === "pass" && now?.result.report.outcome === "fail";
  });

const afterOf = ({ check, symptom }: Fault, whole: readonly PlayedCheck[]): string => {
  const now = whole.find((one) => one.check.id === check.id)?.result.report;
  return now?.facets.find((one) => one.facet === symptom.facet)?.evidence ?? now?.why ?? "";
};

/** Facets that changed although nobody asked them to, e.g. a response that is no longer cached. */
const costsOf = (remedy: Remedy, before: readonly PlayedCheck[], after: readonly PlayedCheck[]): string[] => {
  const changed = before.flatMap(({ check, result }) => {
    const now = after.find((one) => one.check.id === check.id)?.result.report;
    const was = result.report.facets.find(({ facet }) => facet === "source")?.finding.member;
    const is = now?.facets.find(({ facet }) => facet === "source")?.finding.member;
    return was !== undefined && is !== undefined && was !== is ? [`${check.id}: the body's source was ${was} and is ${is}`] : [];
  });
  return [...(remedy.cost === null ? [] : [remedy.cost]), ...changed];
};

/** What only the application can do is proven by an origin that does it. */
const applicationCure = async (
  remedies: readonly (Remedy | ApplicationRemedy)[],
  faults: readonly Fault[],
  link: string,
  trying: Trying,
): Promise<Cure | null> => {
  const [first] = faults;
  if (!first) return null;
  for (const remedy of remedies) {
    if (isRemedy(remedy)) continue;
    const asked = faults.map(({ route, check }) => ({
      route,
      check: { ...check, response: { ...check.response, headers: [...(check.response.headers ?? []), ...remedy.headers] } },
    }));
    const [results] = await trying([{ edits: [], faults: asked }]);
    if (!results || !faults.every((fault) => results.some(({ check, result }) => check.id === fault.check.id && fault.isGone(result))))
      continue;
    return {
      title: remedy.title,
      diff: null,
      headers: remedy.headers,
      before: first.evidence,
      after: afterOf(first, results),
      costs: [],
      link: remedy.link || link,
    };
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
