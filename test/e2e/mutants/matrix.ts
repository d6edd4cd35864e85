// Mutants × positions as scenarios, and the check that each has exactly its own verdict.
import { join } from "node:path";
import type { Entry } from "../../../harness/catalog/shelf.ts";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import { packageRoot } from "../../../harness/catalog/package-root.ts";
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

export const pipe = "http-pipe";

const keyOf = {
  delivery: "deliver",
  headers: "headers",
  ending: "end",
  source: "source",
  integrity: "integrity",
  disconnect: "disconnect",
  memory: "memory",
};

/** A pipe is not to blame for what the origin does. */
const straightDoes = ({ kind }: Trial): Does => ({
  deliver: "incremental",
  headers: "prompt",
  ...(kind === "origin-abort" ? {} : { end: "complete" }),
  source: "origin",
  integrity: "intact",
  disconnect: "propagated",
  memory: "bounded",
});

const doesOf = ({ facet, member, cause }: Expectation): Does => ({ [keyOf[facet]]: member, ...(cause ? { cause } : {}) }) as Does;

export const caseOf = (
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
    // Facets that the machine leaves open get another attempt, as in any run.
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

/** Two different bad hops in one chain, in both orders: each must show in its own facet. */
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

/** The aborts of the origin are the stimulus, not a finding. */
const accusations = (report: ScenarioReport): Facet[] => report.facets.filter(({ culprit }) => culprit !== null && culprit !== "origin");

const answers = ({ member, or = [], cause, shows = {} }: Expectation, { observation }: Facet): boolean => {
  const found: Record<string, unknown> = { ...observation };
  if (or.includes(observation.member)) return true;
  const wanted = Object.entries({ ...shows, member, ...(cause ? { cause } : {}) });
  return wanted.every(([key, value]) => (Array.isArray(value) ? value.includes(found[key]) : found[key] === value));
};

/** Right: every expected finding with its hop, and no other hop is blamed. */
export const scoreOf = ({ expected }: Case, report: ScenarioReport): { score: Score; why: string } => {
  if (report.outcome === "harness-fault" || (report.facets.length === 0 && report.inconclusive.length === 0))
    return { score: report.facets.length === 0 && report.outcome !== "harness-fault" ? "inconclusive" : "wrong", why: report.why };
  const accused = accusations(report);
  const stranger = accused.find((facet) => !expected.some((one) => one.mutant === facet.culprit && one.facet === facet.facet));
  if (stranger)
    return {
      score: "wrong",
      why: `${stranger.case}: ${stranger.facet} ${stranger.observation.member}, culprit ${stranger.culprit}: ${stranger.evidence}`,
    };
  for (const one of expected) {
    const found = accused.find((facet) => facet.facet === one.facet && facet.culprit === one.mutant && answers(one, facet));
    if (found) continue;
    const open = report.inconclusive.find(({ facet }) => facet === one.facet);
    if (open) return { score: "inconclusive", why: `${open.case}: ${open.why}` };
    const near = accused.find((facet) => facet.facet === one.facet) ?? report.facets.find((facet) => facet.facet === one.facet);
    // The right hop and the right ending, explicitly without a cause: nothing in it is wrong.
    const isUntold =
      near?.culprit === one.mutant &&
      near.observation.member === one.member &&
      "cause" in near.observation &&
      near.observation.cause === "unclassified";
    return {
      score: isUntold ? "inconclusive" : "wrong",
      why: `expected ${one.facet} ${[one.member, ...(one.or ?? [])].join(" or ")}${one.cause ? ` (${one.cause})` : ""}, found ${near ? `${near.observation.member}: ${near.evidence}` : "nothing"}`,
    };
  }
  const open = report.inconclusive[0];
  return expected.length === 0 && open
    ? { score: "inconclusive", why: `${open.case}: ${open.facet}: ${open.why}` }
    : { score: "right", why: "" };
};
