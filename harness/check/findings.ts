// From what was played to faults (what is wrong, where) and from blamed faults to findings. Pure.
import { heldUploads } from "../model/judge/upload.ts";
import type { UploadFinding } from "../model/judge/upload.ts";
import type { Result } from "../measure.ts";
import { decide } from "../model/outcome.ts";
import { conditionsOf as flipsOf } from "../model/sweep.ts";
import type { Exchange } from "../model/trace.ts";
import type { Facet } from "../model/verdict.ts";
import type { Cure, Finding, Rule } from "../report/check-report.ts";
import type { ScenarioReport } from "../report/report.ts";
import type { PlayedCheck } from "./check.ts";
import { shortened } from "./checks.ts";
import type { Route, Symptom } from "./configuration.ts";
import { scenarioOf } from "./scenario.ts";
import type { Blamed, Fault } from "./search.ts";

/** What of a route deviates from what must hold, and is the server's own doing. */
export const faultsOf = (route: Route, played: readonly PlayedCheck[], hop: string): Fault[] =>
  played.flatMap(({ check, result }): Fault[] => {
    const { report } = result;
    const uploads = check.id === "upload" ? uploadsIn(result) : [];
    if (uploads.length > 0) return [uploadFault(route, check, result, uploads)];
    if (report.outcome !== "fail") return [];
    const decided = decide(scenarioOf(route, check), { facets: report.facets, undecided: report.undecided, limits: report.limits });
    const facet = decided.facet && plainest(decided.facet, report.facets);
    if (facet === null) return [];
    const lost = check.id === "upgrade" && losesUpgrade(result);
    if (facet.culprit !== hop && !lost) return [];
    const rule = check.id === "upgrade" ? "upgrade" : (check.during ?? ruleOf(facet, report));
    const cause = check.id === "upgrade" ? "upgrade" : (check.during ?? ("cause" in facet.finding ? facet.finding.cause : null));
    return [
      {
        route,
        check: shortened(check, report.limits[0]?.ms ?? Infinity),
        rule,
        facet,
        symptom: { ...symptomOf(facet, check, result), cause, ...(rule === "buffered" ? { member: rule } : {}) },
        report,
        evidence: lost ? `${hop} did not pass the client's wish to upgrade on: ${facet.evidence}` : facet.evidence,
        isGone: (other) => isGone(facet, other),
      },
    ];
  });

/** The report of a trial one of whose faults was there once, and not when the same was played again: of that facet it says nothing. */
export const withoutFault = ({ report, trace }: Result, { route, check, facet: gone, evidence }: Fault): ScenarioReport => {
  if (gone === null) return report;
  const { facet, arm } = gone;
  const facets = report.facets.filter((one) => one.facet !== facet || one.arm !== arm);
  const why = `it was seen once, and not when the same was played again: ${evidence}`;
  const undecided = [...report.undecided, { facet, arm, why, byMachine: true as const }];
  const causes = new Set<string>(facets.flatMap(({ finding }) => ("cause" in finding ? [finding.cause] : [])));
  const limits = report.limits.filter(({ kind }) => causes.has(kind));
  const conditions = flipsOf(facets, trace?.arms.map((played) => played.arm) ?? []);
  const { outcome, headline, culprit, why: words } = decide(scenarioOf(route, check), { facets, undecided, limits });
  return { ...report, outcome, headline, culprit, why: words, facets, undecided, limits, conditions };
};

const uploadsIn = ({ trace }: PlayedCheck["result"]): UploadFinding[] => (trace ? heldUploads(trace) : []);

const uploadFault = (route: Route, check: PlayedCheck["check"], result: PlayedCheck["result"], held: readonly UploadFinding[]): Fault => ({
  route,
  check,
  rule: "upload",
  symptom: {
    facet: "delivery",
    member: "buffered",
    cause: "upload",
    acceptEncoding: null,
    cacheControl: null,
    contentType: "",
    limitMs: null,
  },
  report: result.report,
  evidence: held[0]?.evidence ?? "",
  facet: null,
  isGone: (other) => other.trace !== null && other.report.facets.length > 0 && uploadsIn(other).length === 0,
});

/** The client asked for an upgrade, and the application was not asked (RFC 9110 §7.8). */
const losesUpgrade = ({ trace }: PlayedCheck["result"]): boolean =>
  trace?.arms.some(({ exchanges }) => exchanges.some(({ link, request }) => link === 0 && !asksToUpgrade(request))) ?? false;

const asksToUpgrade = ({ version, headers }: Exchange["request"]): boolean => {
  const has = (field: string, token: string): boolean =>
    headers.some(
      ([name, value]) =>
        name.toLowerCase() === field &&
        value
          .toLowerCase()
          .split(/[\s,]+/)
          .includes(token),
    );
  return version !== "1.0" && has("upgrade", "websocket") && has("connection", "upgrade");
};

/** A tail that waits for the next record is a count of bytes for some sizes and a record behind for others: the latter says more. */
const plainest = (facet: Facet, facets: readonly Facet[]): Facet =>
  facet.finding.member === "batched"
    ? (facets.find(({ finding, culprit }) => finding.member === "lagging" && culprit === facet.culprit) ?? facet)
    : facet;

/** So many records came in, in some seconds, before the first came out: no event stream is as patient. */
const heldRecords = 10;

/** Nothing came out before a flood that no event stream ever sends. */
const isHeld = ({ arm }: Facet, { arms }: PlayedCheck["result"]["report"]): boolean => {
  const report = arms.find(({ id }) => id === arm);
  const firstOut = report?.connections.at(-1)?.recordsAtMs[0];
  const written = report?.writtenAtMs[heldRecords];
  return written !== undefined && (firstOut === null || (firstOut !== undefined && firstOut > written));
};

const ruleOf = (facet: Facet, report: PlayedCheck["result"]["report"]): Rule => {
  const { finding } = facet;
  if (facet.facet === "ending" && "cause" in finding && finding.cause.includes("limit")) return "timed-out";
  if (finding.member === "batched" && finding.by === "bytes" && isHeld(facet, report)) return "buffered";
  if (finding.member === "incomplete-visible") return "incomplete-silent";
  if (finding.member === "on-next-write") return "late";
  if (finding.member === "revalidated" || finding.member === "stale") return "cached";
  return finding.member as Rule;
};

const symptomOf = (facet: Facet, check: PlayedCheck["check"], { trace, report }: PlayedCheck["result"]): Symptom => {
  const arm = trace?.arms.find(({ arm: one }) => one.id === facet.arm)?.arm;
  const headers = arm?.script.headers ?? [];
  return {
    facet: facet.facet,
    member: facet.finding.member,
    cause: "cause" in facet.finding ? facet.finding.cause : null,
    acceptEncoding: arm?.clients[0]?.acceptEncoding ?? null,
    cacheControl: headers.find(([name]) => name.toLowerCase() === "cache-control")?.[1] ?? null,
    contentType: arm?.script.contentType ?? check.response.contentType?.toString() ?? "",
    limitMs: (report.limits.find(({ kind }) => "cause" in facet.finding && kind === facet.finding.cause) ?? report.limits[0])?.ms ?? null,
  };
};

/** The member and the arm of a fault: what an experiment has to make go away. */
const isGone = (fault: Facet, { report }: PlayedCheck["result"]): boolean =>
  report.outcome === "pass" ||
  (report.outcome !== "harness-fault" &&
    report.facets.some(({ facet, arm }) => facet === fault.facet && arm === fault.arm) &&
    !report.facets.some((one) => one.facet === fault.facet && one.arm === fault.arm && one.culprit === fault.culprit && !isClean(one)));

const isClean = ({ culprit, finding }: Facet): boolean => culprit === null || finding.member === "complete";

/** One finding for each line and rule: the checks that show it become its conditions. */
export const findingOf = ({ faults, suspect, unproven }: Blamed, cure: Cure | null): Finding => {
  const [first] = faults as [Fault, ...Fault[]];
  const { route, check, rule } = first;
  const place = suspect?.place ?? route.place;
  const at = { file: place.file, line: place.line, column: place.column };
  const conditions = conditionsOf(faults);
  return {
    id: `${rule}:${route.id}:${check.id}`,
    rule,
    level: "error",
    route: route.id,
    check: check.id,
    says: suspect ? `${suspect.directive} ${suspect.says}` : first.evidence,
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
    evidence: first.evidence,
    conditions,
    cure,
  };
};

/** What all faults have in common and the checks beside them have not. */
const conditionsOf = (faults: readonly Fault[]): string[] => {
  const codings = new Set(faults.map(({ symptom }) => symptom.acceptEncoding));
  const controls = new Set(faults.flatMap(({ symptom }) => (symptom.facet === "source" ? [symptom.cacheControl ?? "none"] : [])));
  return [
    ...(codings.size === 1 && !codings.has(null) ? [`Accept-Encoding: ${String([...codings][0])}`] : []),
    ...(controls.size > 0 ? [`Cache-Control: ${[...controls].join(", ")}`] : []),
  ];
};
