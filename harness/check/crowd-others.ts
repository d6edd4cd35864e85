// Several limits on one address hide each other: the one that strikes first is found by experiments. Each of the others is measured by itself,
// with all others out of the way.
import type { CrowdFault } from "./crowd-faults.ts";
import type { Edit, Route, Suspect, Symptom } from "./configuration.ts";
import type { Standing } from "./severity.ts";
import { fitTogether } from "./edits.ts";
import { findingOf } from "./findings.ts";
import type { Blamed } from "./search.ts";
import type { CheckedConfig } from "./server.ts";
import { crowdIn, crowdSentence, firstOf, firstRefusedOf } from "../model/crowd.ts";
import type { Crowd } from "../model/crowd.ts";
import type { Finding } from "../report/check-report.ts";
import { ranIn } from "./tried.ts";
import type { Trying } from "./tried.ts";

const isAt = ({ place: { file, start } }: Suspect, other: Suspect | null): boolean =>
  other?.place.file === file && other.place.start === start;

/** One of each line. */
const linesOf = (suspects: readonly Suspect[]): Suspect[] =>
  suspects.filter((one, index) => !one.with && suspects.findIndex((other) => isAt(one, other)) === index);

interface Limit {
  fault: CrowdFault;
  suspect: Suspect;
  without: Edit[];
}

export const otherLimits = async (
  config: CheckedConfig,
  faults: readonly CrowdFault[],
  blamed: readonly Blamed[],
  trying: Trying,
  hop: string,
  standingOf: (route: Route) => Standing,
): Promise<Finding[]> => {
  const limits = faults.flatMap((fault): Limit[] => {
    const own = blamed.find((one) => one.faults.some(({ route, symptom }) => route.id === fault.route.id && symptom === fault.symptom));
    const suspects = linesOf(config.suspects(fault.route, fault.symptom));
    return suspects
      .filter((suspect) => !isAt(suspect, own?.suspect ?? null))
      .map((suspect) => ({ fault, suspect, without: suspects.filter((other) => other !== suspect).flatMap(({ edits }) => edits) }))
      .filter(({ without }) => fitTogether(without));
  });
  if (limits.length === 0) return [];
  const tried = await trying(
    limits.map(({ fault: { route, check }, suspect, without }) => ({
      edits: without,
      faults: [{ route, check }],
      about: [{ experiment: "streams", route: route.id, what: `${check.title}, with ${suspect.directive} alone`, at: null }],
    })),
  );
  return limits.flatMap(({ fault, suspect }, index) => {
    const trace = ranIn(tried[index])?.[0]?.result.trace;
    const crowd = trace ? crowdIn(trace, fault.route.upstreams) : null;
    const nth = crowd && firstOf(crowd);
    return crowd && nth !== null ? [findingIn(config, { fault, suspect }, crowd, nth, hop, standingOf(fault.route))] : [];
  });
};

const findingIn = (
  config: CheckedConfig,
  { fault, suspect: { id, ...suspect } }: Pick<Limit, "fault" | "suspect">,
  crowd: Crowd,
  nth: number,
  hop: string,
  standing: Standing,
): Finding => {
  const symptom: Symptom = {
    ...fault.symptom,
    during: "crowd",
    nth,
    refusedNth: firstRefusedOf(crowd),
    status: crowd.status,
    delayMs: crowd.delaysMs.at(-1) ?? 0,
  };
  const said = config.suspects(fault.route, symptom).find((one) => one.id === id) ?? { id, ...suspect };
  const evidence = `${crowdSentence(hop, crowd)}, with the other limits out of the way`;
  const finding = findingOf(
    {
      faults: [{ ...fault, symptom, evidence }],
      suspect: said,
      unproven: null,
      fixes: [],
      forApplication: [],
      seenWith: () => null,
      wholeOf: () => null,
    },
    null,
    standing,
  );
  return { ...finding, id: `${finding.id}:${id}` };
};
