// Mutants × positions as scenarios, and the check that each was found to be exactly what it is.
import { join } from "node:path";
import type { Entry } from "../../../harness/catalog.ts";
import { openCatalog, packageRoot } from "../../../harness/catalog.ts";
import type { Does, HopPlan, Scenario, Trial } from "../../../harness/define.ts";
import type { Facet } from "../../../harness/model/verdict.ts";
import type { ScenarioReport } from "../../../harness/report/report.ts";
import { allTrials, expectations } from "./table.ts";
import type { Expectation } from "./table.ts";

export const mutantCatalog = () => openCatalog({ servers: [join(packageRoot, "test/mutants")] });

export interface Case {
  entry: Entry<Scenario>;
  mutant: string;
  position: string;
  /** What must be found; none for a straight pipe. */
  expected: Expectation[];
}

const pipe = "http-pipe";

const keyOf = {
  delivery: "deliver",
  headers: "headers",
  ending: "end",
  source: "source",
  integrity: "integrity",
  disconnect: "disconnect",
};

/** What the origin does to a stream is no pipe's doing. */
const straightDoes = ({ kind }: Trial): Does => ({
  deliver: "incremental",
  headers: "prompt",
  ...(kind === "origin-abort" ? {} : { end: "complete" }),
  source: "origin",
  integrity: "intact",
  disconnect: "at-once",
});

const doesOf = ({ facet, member, cause }: Expectation): Does => ({ [keyOf[facet]]: member, ...(cause ? { cause } : {}) }) as Does;

const caseOf = (
  id: string,
  mutant: string,
  position: string,
  hops: HopPlan[],
  expected: Expectation[],
  scenario: Pick<Scenario, "trial" | "request">,
): Case => {
  const whole: Scenario = {
    title: `${mutant}, ${position}`,
    chain: [{ app: "sse" }, ...hops],
    trial: scenario.trial,
    ...(scenario.request ? { request: scenario.request } : {}),
    // What the machine leaves open of it is played once more, as anybody's is.
    does: Object.assign(expected.length === 0 ? straightDoes(scenario.trial) : {}, ...expected.map(doesOf)) as Does,
    because: "https://example.invalid/mutant",
  };
  return { entry: { id, file: "", load: () => Promise.resolve(whole) }, mutant, position, expected };
};

/** Alone, and in each place of a chain of four. */
export const mutantCases = (): Case[] =>
  expectations.flatMap((expected) => {
    const { mutant, trial, request } = expected;
    const settings = { trial, ...(request ? { request } : {}) };
    const alone = caseOf(`${mutant}-alone`, mutant, "alone", [mutant], [expected], settings);
    const placed = [0, 1, 2, 3].map((place) => {
      const hops = [0, 1, 2, 3].map((index) => (index === place ? mutant : pipe));
      return caseOf(`${mutant}-${place + 1}-of-4`, mutant, `${place + 1} of 4`, hops, [expected], settings);
    });
    return [alone, ...placed];
  });

/** A straight pipe of each kind, alone and four in a row, through every trial. */
export const pipeCases = (): Case[] =>
  ["tcp-pipe", pipe].flatMap((server) =>
    allTrials.flatMap((trial) => [
      caseOf(`${server}-${trial.kind}-alone`, server, "alone", [server], [], { trial }),
      caseOf(`${server}-${trial.kind}-4-in-a-row`, server, "4 in a row", [server, server, server, server], [], { trial }),
    ]),
  );

/** Two different bad hops in one chain, in both orders: each must be found by its own facet. */
export const pairCases = (): Case[] => {
  const pairs: [string, string][] = [
    ["one-behind", "alter-byte"],
    ["retry", "cork-200"],
    ["strip-last-chunk", "one-behind"],
    ["retry", "alter-byte"],
    ["cork-200", "strip-last-chunk"],
    ["release-4096", "bytes-after-end"],
  ];
  return pairs.flatMap((pair) =>
    [pair, pair.toReversed()].map(([first = "", second = ""]) => {
      const expected = expectations.filter(({ mutant }) => mutant === first || mutant === second);
      return caseOf(`${first}-then-${second}`, `${first} + ${second}`, "two at once", [first, pipe, second], expected, {
        trial: { kind: "lock-step" },
      });
    }),
  );
};

export type Score = "right" | "wrong" | "inconclusive";

/** Origin's own aborts are the stimulus, not a finding. */
const accusations = (report: ScenarioReport): Facet[] => report.facets.filter(({ culprit }) => culprit !== null && culprit !== "origin");

/** Right: every expected finding with its hop, and nobody else accused. */
export const scoreOf = ({ expected }: Case, report: ScenarioReport): { score: Score; why: string } => {
  if (report.outcome === "harness-fault" || (report.facets.length === 0 && report.undecided.length === 0))
    return { score: report.facets.length === 0 && report.outcome !== "harness-fault" ? "inconclusive" : "wrong", why: report.why };
  const accused = accusations(report);
  const stranger = accused.find((facet) => !expected.some((one) => one.mutant === facet.culprit && one.facet === facet.facet));
  if (stranger)
    return {
      score: "wrong",
      why: `${stranger.arm}: ${stranger.facet} ${stranger.finding.member}, culprit ${stranger.culprit}: ${stranger.evidence}`,
    };
  for (const one of expected) {
    const found = accused.find(
      (facet) =>
        facet.facet === one.facet &&
        facet.culprit === one.mutant &&
        facet.finding.member === one.member &&
        (one.cause === undefined || ("cause" in facet.finding && facet.finding.cause === one.cause)),
    );
    if (found) continue;
    const open = report.undecided.find(({ facet }) => facet === one.facet);
    if (open) return { score: "inconclusive", why: `${open.arm}: ${open.why}` };
    const near = accused.find((facet) => facet.facet === one.facet) ?? report.facets.find((facet) => facet.facet === one.facet);
    // The right hop and the right end, and in so many words no cause: nothing that is said is wrong.
    const isUntold =
      near?.culprit === one.mutant &&
      near.finding.member === one.member &&
      "cause" in near.finding &&
      near.finding.cause === "limit-unclassified";
    return {
      score: isUntold ? "inconclusive" : "wrong",
      why: `expected ${one.facet} ${one.member}${one.cause ? ` (${one.cause})` : ""}, found ${near ? `${near.finding.member}: ${near.evidence}` : "nothing"}`,
    };
  }
  const open = report.undecided[0];
  return expected.length === 0 && open
    ? { score: "inconclusive", why: `${open.arm}: ${open.facet}: ${open.why}` }
    : { score: "right", why: "" };
};
