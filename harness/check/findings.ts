// From results to faults (what is wrong, where), and from blamed faults to findings. Pure.
import { heldUploads } from "../model/judge/upload.ts";
import type { UploadObservation } from "../model/judge/upload.ts";
import type { Result } from "../session/attempt.ts";
import { firstIdOf } from "../model/case-identity.ts";
import { decide } from "../model/outcome.ts";
import { conditionsOf as flipsOf } from "../model/conditions.ts";
import type { Exchange } from "../model/trace.ts";
import { isLimitCause } from "../model/verdict.ts";
import type { Facet } from "../model/verdict.ts";
import type { ProvenFix, Finding, Rule } from "../report/check-report.ts";
import { decisiveOf } from "../report/decisive.ts";
import type { ScenarioReport } from "../report/report.ts";
import type { ObservedCheck } from "./observed.ts";
import { shortened } from "./checks.ts";
import type { Anomaly, AskedWith, Route, ShownBy } from "./configuration.ts";
import { clientsOf } from "./protocols.ts";
import { unjudged } from "./rounds.ts";
import { scenarioOf } from "./scenario.ts";
import type { Blamed, Fault } from "./search.ts";
import { levelOf, worstOf } from "./severity.ts";
import type { Standing, Wrong } from "./severity.ts";
import { heldIn } from "./still-held.ts";

/** What of a route deviates from what must hold, with one of these servers as the culprit: from the one that clients reach. */
export const faultsOf = (route: Route, observed: readonly ObservedCheck[], hops: readonly string[]): Fault[] =>
  observed.flatMap(({ check, result }): Fault[] => {
    const { report } = result;
    const uploads = check.feature === "upload" ? uploadsIn(result) : [];
    const [held] = uploads;
    if (held) return [uploadFault(route, check, result, held, shownBy(held.hop, hops))];
    if (report.outcome !== "fail") return [];
    const decided = decide(scenarioOf(route, check), { facets: report.facets, inconclusive: report.inconclusive, limits: report.limits });
    const facet = decided.facet && plainest(decided.facet, report.facets);
    if (facet === null) return [];
    const lost = check.feature === "upgrade" ? upgradeLostBy(result) : null;
    const hop = lost ?? facet.culprit;
    if (hop === null || !hops.includes(hop)) return [];
    // A refusal is none of the reload's doing.
    const isCut = check.feature === "reload" && facet.observation.member !== "error-response";
    const rule = check.feature === "upgrade" ? "upgrade" : isCut ? "reload" : ruleOf(facet, report);
    return [
      {
        route,
        check: shortened(check, report.limits[0]?.ms ?? Infinity),
        rule,
        facet,
        symptom: { ...anomalyOf(facet, check, rule, report), ...askedIn(facet, check, result), ...shownBy(hop, hops) },
        wrong: wrongIn(facet, rule, result),
        report,
        evidence: lost !== null ? `${hop} did not pass on the client's request to upgrade: ${facet.evidence}` : facet.evidence,
        held: heldIn(
          facet,
          firstIdIn(result, facet.case),
          check,
          result.trace?.cases.find((one) => one.case.id === facet.case),
        ),
        isGone: (other) => isGone(facet, firstIdIn(result, facet.case), other),
      },
    ];
  });

/** The report of a trial without a fault that a second attempt did not show: that facet becomes inconclusive, or the trial where none shows it. */
export const withoutFault = ({ report, trace }: Result, { route, check, facet: gone, evidence }: Fault): ScenarioReport => {
  const why = `it was seen once, and not in a second attempt: ${evidence}`;
  if (gone === null) return unjudged({ report }, "inconclusive", why).report;
  const { facet, case: trialCase } = gone;
  const facets = report.facets.filter((one) => one.facet !== facet || one.case !== trialCase);
  const inconclusive = [...report.inconclusive, { facet, case: trialCase, why, byMachine: true as const }];
  const causes = new Set<string>(facets.flatMap(({ observation }) => ("cause" in observation ? [observation.cause] : [])));
  const limits = report.limits.filter(({ kind }) => causes.has(kind));
  const conditions = flipsOf(facets, trace?.cases.map((observed) => observed.case) ?? []);
  const { outcome, headline, culprit, why: words, facet: decisive } = decide(scenarioOf(route, check), { facets, inconclusive, limits });
  return { ...report, outcome, headline, culprit, decisive: decisiveOf(decisive), why: words, facets, inconclusive, limits, conditions };
};

const uploadsIn = ({ trace }: ObservedCheck["result"]): UploadObservation[] => (trace?.harnessFault === null ? heldUploads(trace) : []);

const uploadFault = (
  route: Route,
  check: ObservedCheck["check"],
  result: ObservedCheck["result"],
  held: UploadObservation,
  shown: ShownBy,
): Fault => ({
  route,
  check,
  rule: "upload",
  symptom: {
    feature: "upload",
    acceptEncoding: null,
    cacheControl: null,
    contentType: "",
    ...shown,
  },
  wrong: { rule: "upload" },
  report: result.report,
  evidence: held.evidence,
  facet: null,
  sees: ({ report }) => report.facets.find(({ facet }) => facet === "delivery")?.evidence ?? report.why,
  isGone: (other) => other.trace !== null && other.report.facets.length > 0 && uploadsIn(other).length === 0,
});

/** With one server there is nothing to tell apart. */
export const shownBy = (hop: string, hops: readonly string[]): ShownBy => (hops.length > 1 ? { hop } : {});

/** The client requested an upgrade, and the next hop or the application did not get that request (RFC 9110 §7.8). The one nearest the client. */
const upgradeLostBy = ({ trace }: ObservedCheck["result"]): string | null => {
  for (const { exchanges } of trace?.cases ?? []) {
    const lost = exchanges.filter(({ request }) => !asksToUpgrade(request)).map(({ link }) => link);
    if (lost.length > 0) return trace?.links[Math.max(...lost)]?.to ?? null;
  }
  return null;
};

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

/** A tail that waits for the next record is a count of bytes for some sizes and a record late for others: the latter says more. */
const plainest = (facet: Facet, facets: readonly Facet[]): Facet =>
  facet.observation.member === "batched"
    ? (facets.find(({ observation, culprit }) => observation.member === "lagging" && culprit === facet.culprit) ?? facet)
    : facet;

/** If this many records arrive, within some seconds, before the first is released, the stream is buffered. */
const heldRecords = 10;

/** Nothing was released before a flood that no event stream ever sends. */
const isHeld = ({ case: trialCase }: Facet, { cases }: ObservedCheck["result"]["report"]): boolean => {
  const report = cases.find(({ id }) => id === trialCase);
  const firstOut = report?.connections.at(-1)?.recordsAtMs[0];
  const written = report?.writtenAtMs[heldRecords];
  return written !== undefined && (firstOut === null || (firstOut !== undefined && firstOut > written));
};

const ruleOf = (facet: Facet, report: ObservedCheck["result"]["report"]): Rule => {
  const { observation } = facet;
  if (facet.facet === "ending" && "cause" in observation && isLimitCause(observation.cause)) return "timed-out";
  if (observation.member === "batched" && observation.by === "bytes" && isHeld(facet, report)) return "buffered";
  if (observation.member === "truncated-visibly") return "truncated-silently";
  if (observation.member === "propagated-on-next-write") return "propagated-late";
  if (observation.member === "revalidated" || observation.member === "stale") return "cached";
  return observation.member as Rule;
};

const anomalyOf = (facet: Facet, check: ObservedCheck["check"], rule: Rule, { limits }: ScenarioReport): Anomaly => {
  if (check.feature === "upgrade") return { feature: "upgrade" };
  if (rule === "reload") return { during: "reload" };
  switch (facet.facet) {
    case "delivery":
      return { facet: "delivery", member: rule === "buffered" ? rule : facet.observation.member };
    case "headers":
      return { facet: "headers", member: facet.observation.member };
    case "ending": {
      const { member, ...more } = facet.observation;
      const cause = "cause" in more ? more.cause : null;
      const { ms: limitMs = null, uncertaintyMs = 0 } = limits.find(({ kind }) => kind === cause) ?? limits[0] ?? {};
      return { facet: "ending", member, cause, limitMs, uncertaintyMs };
    }
    case "source":
      return { facet: "source", member: facet.observation.member };
    case "integrity":
      return { facet: "integrity", member: facet.observation.member };
    case "disconnect":
      return { facet: "disconnect", member: facet.observation.member };
    case "memory":
      throw new Error("No check has a memory trial");
  }
};

const askedIn = (facet: Facet, check: ObservedCheck["check"], { trace }: ObservedCheck["result"]): AskedWith => {
  const trialCase = trace?.cases.find(({ case: one }) => one.id === facet.case)?.case;
  const headers = trialCase?.script.headers ?? [];
  const method = trialCase?.clients[0]?.method;
  return {
    ...(method === undefined ? {} : { method }),
    acceptEncoding: trialCase?.clients[0]?.acceptEncoding ?? null,
    cacheControl: headers.find(([name]) => name.toLowerCase() === "cache-control")?.[1] ?? null,
    contentType: trialCase?.script.contentType ?? check.response.contentType?.toString() ?? "",
  };
};

/** Records of events are smaller. */
const largeBytes = 4096;

const wrongIn = ({ facet, observation: { member }, culprit }: Facet, rule: Rule, { report, trace }: ObservedCheck["result"]): Wrong => {
  const alike = report.facets.filter((one) => one.facet === facet && one.culprit === culprit && !isClean(one));
  const cases = alike.flatMap(({ case: id }) => trace?.cases.find((one) => one.case.id === id)?.case ?? []);
  return {
    rule,
    member,
    isForbidden: cases.some(({ script }) => script.headers.some(([name, value]) => isForbidding(name, value))),
    isOfLargeRecords: cases.length > 0 && cases.every(({ script: { body } }) => (body.recordBytes[0] ?? 0) > largeBytes),
  };
};

/** https://www.rfc-editor.org/rfc/rfc9111.html#section-5.2.2 */
const isForbidding = (name: string, value: string): boolean =>
  name.toLowerCase() === "cache-control" && /\bno-(?:store|cache)\b/i.test(value);

/** Whether an experiment no longer shows the fault's facet at its culprit, in any attempt of its case. */
const isGone = ({ facet, culprit }: Facet, firstId: string, other: Result): boolean => {
  const { report } = other;
  const same = report.facets.filter((one) => one.facet === facet && firstIdIn(other, one.case) === firstId);
  const isThere = same.some((one) => one.culprit === culprit && !isClean(one));
  return report.outcome === "pass" || (report.outcome !== "harness-fault" && same.length > 0 && !isThere);
};

/** The id of a case's first attempt. */
const firstIdIn = ({ trace }: Result, id: string): string => {
  const trialCase = trace?.cases.find((one) => one.case.id === id)?.case;
  return trialCase ? firstIdOf(trialCase) : id;
};

const isClean = ({ culprit, observation }: Facet): boolean => culprit === null || observation.member === "complete";

/** One finding for each line and rule: the checks that show it become its conditions. `open`: those of its route that were not judged. */
export const findingOf = (
  { faults, suspect, unproven }: Blamed,
  fix: ProvenFix | null,
  standing: Standing,
  of = faults[0]?.route,
  open: readonly ObservedCheck["check"][] = [],
): Finding => {
  const [first] = faults as [Fault, ...Fault[]];
  const { route, check, rule } = first;
  const place = suspect?.place ?? route.place;
  const at = { file: place.file, line: place.line, column: place.column };
  const clients =
    of &&
    clientsOf(
      of,
      faults.map((fault) => fault.check),
      open,
    );
  const conditions = [...conditionsOf(faults), ...(clients ? [clients] : [])];
  const level = worstOf(faults.map(({ wrong }) => levelOf(wrong, standing)));
  const own = worstOf(faults.map(({ wrong }) => levelOf(wrong, { ...standing, others: standing.intent })));
  const others = [...new Set(faults.map((fault) => fault.check.id))].filter((id) => id !== check.id);
  return {
    id: `${rule}:${route.id}:${check.id}${first.symptom.hop === undefined ? "" : `@${first.symptom.hop}`}`,
    rule,
    level,
    ...(own === level ? {} : { loweredFrom: own }),
    route: route.id,
    check: check.id,
    ...(check.feature ? { feature: check.feature } : {}),
    ...(first.symptom.hop === undefined ? {} : { hop: first.symptom.hop }),
    ...(others.length > 0 ? { alsoIn: others } : {}),
    says: suspect ? `${suspect.directive} ${suspect.says}` : first.evidence,
    at,
    culprit: suspect
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
    ...(first.facet ? { shows: { facet: first.facet.facet, case: first.facet.case } } : {}),
    evidence: `${first.evidence}${measuredWith(first, conditions)}`,
    conditions,
    fix,
  };
};

/** Clients that do not accept this coding see less of the same fault. */
const measuredWith = ({ symptom: { acceptEncoding } }: Fault, conditions: readonly string[]): string => {
  const condition = codingOf(acceptEncoding ?? null);
  return condition === null || conditions.includes(condition) ? "" : ` (measured with ${condition})`;
};

const codingOf = (acceptEncoding: string | null): string | null => (acceptEncoding === null ? null : `Accept-Encoding: ${acceptEncoding}`);

/** What all faults have in common, and other checks do not. */
const conditionsOf = (faults: readonly Fault[]): string[] => {
  const codings = new Set(faults.map(({ symptom }) => codingOf(symptom.acceptEncoding ?? null)));
  const controls = new Set(faults.flatMap(({ facet, symptom }) => (facet?.facet === "source" ? [symptom.cacheControl ?? "none"] : [])));
  return [
    ...(codings.size === 1 ? [...codings].filter((one) => one !== null) : []),
    ...(controls.size > 0 ? [`Cache-Control: ${[...controls].join(", ")}`] : []),
  ];
};
