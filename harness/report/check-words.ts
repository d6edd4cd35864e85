// The words for each kind of finding of `hopwise check`. A new rule does not compile without them.
import type { FacetName } from "../model/verdict.ts";
import type { CheckReport, CheckRoute, Finding, Line, Rule } from "./check-report.ts";
import { duration } from "./text.ts";
import { meaningOf } from "./words.ts";

/** The columns of the table of routes. */
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
  /** Null: it concerns a line, not a route. */
  column: Column | null;
}

const own = {
  reload: { meaning: "a reload of the configuration ended a response that was still streaming", column: "reload" },
  upgrade: { meaning: "the upgrade did not pass: the connection did not switch protocols as both ends agreed", column: "upgrade" },
  upload: {
    meaning: "the request body was held back until it was complete",
    column: "upload",
  },
  refused: { meaning: "the server refuses or delays one of several concurrent streams from one address", column: null },
  "no-effect": { meaning: "a line that is believed to help has no effect here", column: null },
} satisfies Partial<Record<Rule, RuleWords>>;

const columnOf: Record<Exclude<Rule, keyof typeof own>, Column> = {
  buffered: "delivery",
  batched: "delivery",
  lagging: "delivery",
  delayed: "delivery",
  throttled: "delivery",
  held: "headers",
  "truncated-silently": "ending",
  hung: "ending",
  "timed-out": "ending",
  "error-response": "ending",
  "no-response": "ending",
  malformed: "ending",
  cached: "source",
  collapsed: "source",
  retried: "source",
  altered: "integrity",
  "not-propagated": "disconnect",
  "propagated-late": "disconnect",
};

const isOwn = (rule: Rule): rule is keyof typeof own => Object.hasOwn(own, rule);

export const wordsOfRule = (rule: Rule): RuleWords => (isOwn(rule) ? own[rule] : { meaning: meaningOf(rule), column: columnOf[rule] });

export const rules = [...Object.keys(columnOf), ...Object.keys(own)] as Rule[];

export const pageOfRule = (rule: Rule): string => `docs/verdicts/${rule}.md`;

/** A check of a feature has a column of its own. */
export const columnOfFinding = ({ rule, feature }: Finding): Column | null => {
  const { column } = wordsOfRule(rule);
  return column === null ? null : (feature ?? column);
};

/** `deploy/nginx.conf:41`. */
export const placeOf = ({ file, line }: Line): string => `${file}:${line}`;

/** How many trials needed a second attempt. */
export const attemptsSentence = ({ routes }: CheckReport): string[] => {
  const all = routes.flatMap(({ checks }) => checks);
  const again = all.filter(({ scenario }) => scenario.attempts === 2).length;
  return again === 0 ? [] : [`${again} of ${all.length} trials were inconclusive at first (machine busy); the second attempt counts`];
};

/** The consequences of `--keep-app`. */
export const keptSentences = ({ application }: CheckReport): string[] => {
  if (!application) return [];
  const { services, watchMs, notTested } = application;
  return [
    `your own application answered: ${services.map(({ service, at, image }) => `${service} (${at}, ${image})`).join(", ")}; what arrives in one read counts as a record; streams that did not end were watched for ${duration(watchMs)}`,
    `not checked, since it follows no script: ${notTested.join(", ")}; also not checked: which request each body belongs to, and what the application itself held back`,
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

/** Checks that could not be judged. */
export const unjudged = (report: CheckReport): Open[] => checksThat(report, ({ scenario }) => unanswered.has(scenario.outcome));

/** Failed checks that no finding explains, e.g. if the server is not the culprit. An error explains all checks of its route. */
export const unexplained = (report: CheckReport): Open[] =>
  checksThat(
    report,
    ({ check, scenario }, route) =>
      scenario.outcome === "fail" &&
      !report.findings.some((finding) => finding.route === route.id && (finding.level === "error" || shows(finding, check))),
  );

/** Whether a finding is of this check, whatever its level. */
export const shows = ({ rule, check, alsoIn = [] }: Finding, of: string): boolean =>
  rule !== "no-effect" && (check === of || alsoIn.includes(of));

/** `2 errors, 1 note on 3 routes, 1 trial not judged (14.2 s)`. */
export const countsOf = (report: CheckReport): string => {
  const { routes, findings, tookMs } = report;
  const count = (wanted: Finding["level"]): number => findings.filter(({ level }) => level === wanted).length;
  const left = unjudged(report).length;
  const broken = unexplained(report).length;
  return [
    plural(count("error"), "error"),
    ...(count("warning") > 0 ? [plural(count("warning"), "warning")] : []),
    `${plural(count("note"), "note")} on ${plural(routes.length, "route")}`,
    ...(broken > 0 ? [`${plural(broken, "trial")} failed without a finding`] : []),
    ...(left > 0 ? [`${plural(left, "trial")} not judged`] : []),
  ]
    .join(", ")
    .concat(` (${duration(tookMs)})`);
};
