// What `hopwise check` says of each kind of finding. A new rule does not compile before it has its words here.
import type { FacetName } from "../model/verdict.ts";
import type { CheckReport, CheckRoute, Finding, Line, Rule } from "./check-report.ts";
import { duration } from "./text.ts";
import { meaningOf } from "./words.ts";

/** What a route is told about, one column each. */
export type Column = FacetName | "reload" | "upgrade" | "upload";

export const columns = [
  "delivery",
  "headers",
  "ending",
  "source",
  "integrity",
  "disconnect",
  "reload",
  "upgrade",
  "upload",
] as const satisfies readonly Column[];

interface RuleWords {
  meaning: string;
  /** Null: it is about a line, not about a route. */
  column: Column | null;
}

const own = {
  reload: { meaning: "a reload of the configuration ended a response that was still on its way", column: "reload" },
  upgrade: { meaning: "the connection did not become what both ends had agreed on: the upgrade did not pass", column: "upgrade" },
  upload: {
    meaning: "the request's body was kept back, so that the application saw nothing of it before it had come whole",
    column: "upload",
  },
  "folk-cure": { meaning: "a line that is said to help does nothing here", column: null },
} satisfies Partial<Record<Rule, RuleWords>>;

const columnOf: Record<Exclude<Rule, keyof typeof own>, Column> = {
  buffered: "delivery",
  batched: "delivery",
  lagging: "delivery",
  held: "headers",
  "incomplete-silent": "ending",
  hung: "ending",
  "timed-out": "ending",
  "error-response": "ending",
  "no-response": "ending",
  malformed: "ending",
  cached: "source",
  collapsed: "source",
  asked: "source",
  altered: "integrity",
  lost: "disconnect",
  late: "disconnect",
};

/** A hold that only a flood ends is one: no stream of events fills as much. */
const meaningHere = (rule: Exclude<Rule, keyof typeof own>): string =>
  rule === "buffered" ? "nothing arrived before the stream had ended, or before far more had come than events bring" : meaningOf(rule);

const isOwn = (rule: Rule): rule is keyof typeof own => Object.hasOwn(own, rule);

export const wordsOfRule = (rule: Rule): RuleWords => (isOwn(rule) ? own[rule] : { meaning: meaningHere(rule), column: columnOf[rule] });

export const rules = [...Object.keys(columnOf), ...Object.keys(own)] as Rule[];

export const pageOfRule = (rule: Rule): string => `docs/verdicts/${rule}.md`;

/** A check that has a column of its own is named after it, e.g. `upload` or `upgrade-gzip`. */
export const ownColumnOf = (check: string): Column | null =>
  (["reload", "upgrade", "upload"] as const).find((name) => check === name || check.startsWith(`${name}-`)) ?? null;

export const columnOfFinding = ({ rule, check }: Finding): Column | null => {
  const { column } = wordsOfRule(rule);
  return column === null ? null : (ownColumnOf(check) ?? column);
};

/** `deploy/nginx.conf:41`. */
export const placeOf = ({ file, line }: Line): string => `${file}:${line}`;

/** What the machine left open was played again. */
export const twiceSentence = ({ routes }: CheckReport): string[] => {
  const all = routes.flatMap(({ checks }) => checks);
  const again = all.filter(({ scenario }) => scenario.playings === 2).length;
  return again === 0 ? [] : [`${again} of ${all.length} trials: the machine left them undecided at first; the second playing counts`];
};

/** What it means that the user's own application answered. */
export const keptSentences = ({ application }: CheckReport): string[] => {
  if (!application) return [];
  const { services, watchMs, notTested } = application;
  return [
    `your own application answered: ${services.map(({ service, at, image }) => `${service} (${at}, ${image})`).join(", ")}; a record is what came out of it in one read, and a stream that did not end was watched for ${duration(watchMs)}`,
    `not tested with it, since it is told nothing: ${notTested.join(", ")}; whose body it is and what the application kept back itself cannot be told either`,
  ];
};

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

const unanswered = new Set<string>(["inconclusive", "harness-fault", "unsupported"]);

export interface Open {
  route: CheckRoute;
  check: string;
  outcome: string;
  why: string;
}

const checksThat = ({ routes }: CheckReport, holds: (one: CheckRoute["checks"][number], route: CheckRoute) => boolean): Open[] =>
  routes.flatMap((route) =>
    route.checks.filter((one) => holds(one, route)).map(({ check, scenario: { outcome, why } }) => ({ route, check, outcome, why })),
  );

/** What was asked and could not be answered. */
export const unjudged = (report: CheckReport): Open[] => checksThat(report, ({ scenario }) => unanswered.has(scenario.outcome));

/** What broke a requirement on a route of which no finding tells, as where the server is not to blame. */
export const unexplained = (report: CheckReport): Open[] =>
  checksThat(
    report,
    ({ scenario }, route) =>
      scenario.outcome === "fail" && !report.findings.some((finding) => finding.level === "error" && finding.route === route.id),
  );

/** `2 errors, 1 note on 3 routes, 1 check not judged (14.2 s)`. */
export const countsOf = (report: CheckReport): string => {
  const { routes, findings, tookMs } = report;
  const count = (wanted: Finding["level"]): number => findings.filter(({ level }) => level === wanted).length;
  const left = unjudged(report).length;
  const broken = unexplained(report).length;
  return [
    plural(count("error"), "error"),
    `${plural(count("note"), "note")} on ${plural(routes.length, "route")}`,
    ...(broken > 0 ? [`${plural(broken, "check")} failed without a finding`] : []),
    ...(left > 0 ? [`${plural(left, "check")} not judged`] : []),
  ]
    .join(", ")
    .concat(` (${duration(tookMs)})`);
};
