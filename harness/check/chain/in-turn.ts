// What one hop does to a stream hides what the next one would do. So the hop nearest the application is fixed first, and with its fix in
// place the trials of that route run again, until nothing new shows. Each later finding and its proof are with the earlier fixes in place.
// A fault of a hop may hide its own others: of what a cache answers, nothing is seen of how it would be passed on.
import { step } from "../../progress.ts";
import type { Finding } from "../../report/check-report.ts";
import { conclude } from "../conclude.ts";
import type { Concluding, Conclusion } from "../conclude.ts";
import { applyEdits, fitTogether } from "../edits.ts";
import { diffOf } from "../fix.ts";
import type { Edit, NotChecked, Route } from "../configuration.ts";
import type { CheckedConfig } from "../server.ts";
import type { ObservedCheck } from "../observed.ts";
import type { Observed } from "../route-reports.ts";
import type { Trying } from "../tried.ts";
import { hopsAlong } from "./chained.ts";

/** Runs the trials of a configuration's routes with these edits made; or says why it cannot. */
export type RunWith = (config: CheckedConfig, edits: readonly Edit[]) => Promise<Observed | { why: string }>;

export interface InTurn extends Conclusion {
  /** Hops that were not judged on a route, since another one hides what they do. */
  hidden: NotChecked[];
}

/** `isOver`: interrupted. What the first turn found stays. */
export const concludeInTurn = async (first: Concluding, runWith: RunWith, isOver: () => boolean): Promise<InTurn> => {
  const { config, hops, writes, onProgress } = first;
  let latest = await conclude(first);
  const { editsOn } = latest;
  const all: InTurn = { ...latest, findings: [...latest.findings], hidden: hiddenBy(config, latest.findings, hops) };
  const made = ({ edits, together }: Conclusion): Edit[] => (writes ? together.edits : edits);
  let edits = made(latest);
  const unseen = new Set(config.routes.filter(({ id }) => first.results.get(id)?.some(isUnseen)));
  // A hop that is fixed shows what the next one does: as often as there are further hops.
  for (let turn = 1; turn <= hops.length && made(latest).length > 0; turn++) {
    const fixed = fixedIn(latest.findings);
    const hasFix = ({ id }: Route): boolean => latest.findings.some((one) => one.route === id && one.fix?.diff);
    const routes = config.routes.filter((route) => hasFix(route) && (turn < hops.length || (turn === 1 && unseen.has(route))));
    if (routes.length === 0) break;
    onProgress(step(`running the trials again with ${fixed}`));
    // oxlint-disable-next-line no-await-in-loop
    const next = await againWith(first, config.with({ routes }), edits, runWith, isOver);
    if (next === null) break;
    if ("why" in next) {
      all.hidden.push(...routes.map((route) => notJudged(route, hops, `the trials could not run again with ${fixed}: ${next.why}`)));
      break;
    }
    latest = next;
    const known = new Set(all.findings.map(({ id }) => id));
    const when = hops.length === 1 ? "once the others are fixed" : `with ${fixed}`;
    const found = latest.findings.filter(({ id }) => !known.has(id)).map((one) => conditional(one, when));
    all.findings.push(...found);
    if (hops.length === 1) all.findings = oneFixPerRoute(all.findings, found, config, editsOn, latest.editsOn);
    all.hidden.push(...hiddenBy(config, latest.findings, hops));
    all.together = { edits: [...all.together.edits, ...latest.together.edits], left: [...all.together.left, ...latest.together.left] };
    const more = made(latest);
    if (!fitTogether([...edits, ...more])) break;
    edits = [...edits, ...more];
  }
  return { ...all, edits };
};

/** Null: interrupted. */
const againWith = async (
  first: Concluding,
  rest: CheckedConfig,
  edits: readonly Edit[],
  runWith: RunWith,
  isOver: () => boolean,
): Promise<Conclusion | { why: string } | null> => {
  try {
    const observed = await runWith(rest, edits);
    if ("why" in observed) return observed;
    return await conclude({ ...first, ...observed, config: rest, trying: withEdits(first.trying, edits), isAgain: true });
  } catch (error) {
    if (!isOver()) throw error;
    return null;
  }
};

/** What a trial was for did not show, though a response was seen, and the machine was not too busy. */
const isUnseen = ({ result: { report } }: ObservedCheck): boolean =>
  report.outcome === "inconclusive" && report.facets.length > 0 && report.inconclusive.every(({ byMachine }) => !byMachine);

/** On one server the later fix is proven with the earlier one in place: together they are the fix of the route. */
const oneFixPerRoute = (
  findings: readonly Finding[],
  later: readonly Finding[],
  { deployment: { files } }: CheckedConfig,
  before: ReadonlyMap<string, Edit[]>,
  after: ReadonlyMap<string, Edit[]>,
): Finding[] =>
  findings.map((finding): Finding => {
    const { route, fix } = finding;
    const edits = [...(before.get(route) ?? []), ...(after.get(route) ?? [])];
    const more = later.flatMap((one) => (one.route === route && one.fix?.diff ? [one.fix] : []));
    if (!fix?.diff || more.length === 0 || !fitTogether(edits)) return finding;
    const fixes = findings.flatMap((one) => (one.route === route && one.fix?.diff ? [one.fix] : []));
    return {
      ...finding,
      fix: {
        ...fix,
        title: [...new Set(fixes.map(({ title }) => title))].join("; "),
        diff: diffOf(files, applyEdits(files, edits)),
        costs: [...new Set(fixes.flatMap(({ costs }) => costs))],
      },
    };
  });

/** E.g. `the fix for web`. */
const fixedIn = (findings: readonly Finding[]): string => {
  const names = [...new Set(findings.flatMap(({ fix, hop }) => (fix?.diff && hop ? [hop] : [])))];
  return names.length === 0 ? "the fixes so far" : `the fix for ${names.join(" and ")}`;
};

const conditional = (finding: Finding, when: string): Finding => ({ ...finding, conditions: [...finding.conditions, when] });

/** Of a fault without a proven fix, the hops between its own and the client. */
const hiddenBy = (config: CheckedConfig, findings: readonly Finding[], hops: readonly string[]): NotChecked[] => {
  if (hops.length < 2) return [];
  return config.routes.flatMap((route) => {
    const along = hopsAlong(config, route, hops[0] ?? "");
    const open = findings.filter((one) => one.route === route.id && one.level !== "note" && !one.fix?.diff);
    const [at = 0] = open.map(({ hop = "" }) => along.indexOf(hop)).toSorted((a, b) => b - a);
    return at > 0
      ? [
          notJudged(
            route,
            along.slice(0, at),
            `no change of the configuration of ${along[at]} is proven to fix it, and what ${along[at]} does hides what others do`,
          ),
        ]
      : [];
  });
};

const notJudged = ({ id, place }: Route, hops: readonly string[], why: string): NotChecked => ({
  what: `${hops.join(", ")} on ${id}`,
  why,
  place,
});

/** Every experiment is made on top of these. */
const withEdits =
  (trying: Trying, edits: readonly Edit[]): Trying =>
  async (experiments) => {
    const fitting = experiments.map((one) => ({ ...one, edits: [...edits, ...one.edits] }));
    const possible = fitting.filter((one) => fitTogether(one.edits));
    const tried = await trying(possible);
    return fitting.map(
      (one) =>
        tried[possible.indexOf(one)] ?? {
          notRun: { reason: "server-not-started", why: "it changes the same lines as the fixes before it" },
        },
    );
  };
