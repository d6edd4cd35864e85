// What one hop does to a stream hides what the next one would do. So the hop nearest the application is mended first, and with its fix in
// place the trials run again, until nothing new shows. Each later finding and its proof are with the earlier fixes in place.
import { step } from "../../progress.ts";
import type { Finding } from "../../report/check-report.ts";
import { conclude } from "../conclude.ts";
import type { Concluding, Conclusion } from "../conclude.ts";
import { fitTogether } from "../edits.ts";
import type { Edit } from "../configuration.ts";
import type { CheckedConfig } from "../server.ts";
import type { Observed } from "../route-reports.ts";
import type { Trying } from "../tried.ts";

/** Runs the trials of a configuration's routes with these edits made. */
export type RunWith = (config: CheckedConfig, edits: readonly Edit[]) => Promise<Observed>;

export const concludeInTurn = async (first: Concluding, runWith: RunWith): Promise<Conclusion> => {
  const all = await conclude(first);
  const { config, hops, onProgress } = first;
  let { edits } = all;
  let latest: Conclusion = all;
  // A hop that is mended shows what the next one does: as often as there are further hops.
  for (let turn = 1; turn < hops.length && latest.edits.length > 0; turn++) {
    const mended = mendedBy(latest.findings);
    const routes = config.routes.filter(({ id }) => latest.findings.some((one) => one.route === id && one.fix?.diff));
    const rest = config.with({ routes });
    onProgress(step(`running the trials again with the fix for ${several(mended)}`));
    // oxlint-disable-next-line no-await-in-loop
    const observed = await runWith(rest, edits);
    const trying = withEdits(first.trying, edits);
    // oxlint-disable-next-line no-await-in-loop
    latest = await conclude({ ...first, ...observed, config: rest, trying, isAgain: true });
    const known = new Set(all.findings.map(({ id }) => id));
    const found = latest.findings.filter(({ id }) => !known.has(id)).map((one) => conditional(one, mended));
    const together = { edits: [...all.together.edits, ...latest.together.edits], left: [...all.together.left, ...latest.together.left] };
    Object.assign(all, { findings: [...all.findings, ...found], together });
    edits = [...edits, ...latest.edits];
  }
  return { ...all, edits };
};

const mendedBy = (findings: readonly Finding[]): string[] => [
  ...new Set(findings.flatMap(({ fix, hop }) => (fix?.diff && hop ? [hop] : []))),
];

const several = (names: readonly string[]): string => (names.length === 0 ? "the first hop" : names.join(" and "));

const conditional = (finding: Finding, mended: readonly string[]): Finding => ({
  ...finding,
  conditions: [...finding.conditions, `with the fix for ${several(mended)}`],
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
