// From what was played to faults (what is wrong, where) and from blamed faults to findings. Pure.
import { decide } from "../model/outcome.ts";
import type { Facet } from "../model/verdict.ts";
import type { Cure, Finding, Rule } from "../report/check-report.ts";
import type { PlayedCheck } from "./check.ts";
import type { Route, Symptom } from "./configuration.ts";
import { scenarioOf } from "./ground.ts";
import type { Blamed, Fault } from "./search.ts";

/** What of a route deviates from what must hold, and is the server's own doing. */
export const faultsOf = (route: Route, played: readonly PlayedCheck[], hop: string): Fault[] =>
  played.flatMap(({ check, result }): Fault[] => {
    const { report } = result;
    if (report.outcome !== "fail") return [];
    const decided = decide(scenarioOf(route, check), { facets: report.facets, undecided: report.undecided, limits: report.limits });
    const facet = decided.facet;
    if (facet === null) return [];
    if (check.id === "upgrade") return losesUpgrade(result) || facet.culprit === hop ? [upgradeFault(route, check, facet, result)] : [];
    if (facet.culprit !== hop) return [];
    return [{ route, check, facet, rule: check.during ?? ruleOf(facet), symptom: symptomOf(facet, check, result), report }];
  });

/** The client asked for an upgrade, and the application was not asked. */
const losesUpgrade = ({ trace }: PlayedCheck["result"]): boolean =>
  trace?.arms.some(({ exchanges }) =>
    exchanges.some(
      ({ link, request: { version, headers } }) =>
        link === 0 && (version === "1.0" || !headers.some(([name]) => name.toLowerCase() === "upgrade")),
    ),
  ) ?? false;

const upgradeFault = (route: Route, check: PlayedCheck["check"], facet: Facet, result: PlayedCheck["result"]): Fault => ({
  route,
  check,
  facet,
  rule: "upgrade",
  symptom: { ...symptomOf(facet, check, result), cause: "upgrade" },
  report: result.report,
});

/** Records are kept to the end, or until so much more has come that no event stream ever sends it. */
const heldBytes = 4 * 1024;

const ruleOf = (facet: Facet): Rule => {
  const { finding } = facet;
  if (facet.facet === "ending" && "cause" in finding && finding.cause.includes("limit")) return "timed-out";
  if (finding.member === "batched" && finding.by === "bytes" && finding.atMostBytes > heldBytes) return "buffered";
  if (finding.member === "incomplete-visible") return "incomplete-silent";
  if (finding.member === "on-next-write") return "late";
  if (finding.member === "revalidated" || finding.member === "stale") return "cached";
  return finding.member as Rule;
};

const symptomOf = (facet: Facet, check: PlayedCheck["check"], { trace, report }: PlayedCheck["result"]): Symptom => {
  const arm = trace?.arms.find(({ arm: one }) => one.id === facet.arm)?.arm;
  const headers = arm?.script.headers ?? [];
  const cause = check.during ?? ("cause" in facet.finding ? facet.finding.cause : null);
  return {
    facet: facet.facet,
    member: facet.finding.member,
    cause,
    acceptEncoding: arm?.clients[0]?.acceptEncoding ?? null,
    cacheControl: headers.find(([name]) => name.toLowerCase() === "cache-control")?.[1] ?? null,
    contentType: arm?.script.contentType ?? check.response.contentType?.toString() ?? "",
    limitMs: report.limits[0]?.ms ?? null,
  };
};

/** The member and the arm of a fault: what an experiment has to make go away. */
export const isGone = (fault: Fault, { report }: PlayedCheck["result"]): boolean =>
  report.outcome !== "harness-fault" &&
  report.facets.length > 0 &&
  !report.facets.some(
    (facet) => facet.facet === fault.facet.facet && facet.arm === fault.facet.arm && facet.culprit === fault.facet.culprit,
  ) &&
  report.facets.some(({ facet, arm }) => facet === fault.facet.facet && arm === fault.facet.arm);

/** One finding for each line and rule: the checks that show it become its conditions. */
export const findingOf = ({ faults, suspect, unproven }: Blamed, cure: Cure | null): Finding => {
  const [first] = faults as [Fault, ...Fault[]];
  const { route, check, rule, report } = first;
  const place = suspect?.place ?? route.place;
  const at = { file: place.file, line: place.line, column: place.column };
  const conditions = conditionsOf(faults);
  return {
    id: `${rule}:${route.id}:${check.id}`,
    rule,
    level: "error",
    route: route.id,
    check: check.id,
    says: suspect ? `${nameOf(suspect)} ${suspect.says}` : report.why,
    at,
    guilty: suspect
      ? {
          at,
          directive: suspect.directive,
          absent: suspect.absent,
          with: suspect.with
            ? {
                at: { file: suspect.with.place.file, line: suspect.with.place.line, column: suspect.with.place.column },
                directive: suspect.with.directive,
              }
            : null,
          link: suspect.link,
        }
      : null,
    unproven,
    evidence: first.facet.evidence,
    conditions,
    cure,
  };
};

const nameOf = ({ absent, directive }: { absent: boolean; directive: string }): string => (absent ? `no ${directive}` : directive);

/** What all faults have in common and the checks beside them have not. */
const conditionsOf = (faults: readonly Fault[]): string[] => {
  const codings = new Set(faults.map(({ symptom }) => symptom.acceptEncoding));
  const controls = new Set(faults.flatMap(({ symptom, facet }) => (facet.facet === "source" ? [symptom.cacheControl ?? "none"] : [])));
  return [
    ...(codings.size === 1 && !codings.has(null) ? [`Accept-Encoding: ${String([...codings][0])}`] : []),
    ...(controls.size > 0 ? [`Cache-Control: ${[...controls].join(", ")}`] : []),
  ];
};
