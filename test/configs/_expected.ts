// What an expert would say of a configuration (`expected.yaml`), and whether a report says the same. Pure.
import { parse } from "yaml";
import type { CheckReport, CheckRoute, Finding, Level, Rule } from "../../harness/report/check-report.ts";

/** What clients have to accept for it to happen. */
type When = "identity" | "gzip" | "br" | "both";

export interface ExpectedFinding {
  rule: Rule;
  /** Other rules that the same fault may be reported as: which one depends on sizes and times. */
  also: Rule[];
  /** `file:line`; of several any is right; none: nothing in the configuration causes it. */
  lines: string[];
  /** What stands in the line, or is missing below it; of several any is right. */
  directives: string[];
  absent: boolean;
  when: When;
  level: Level;
  /** Right if it is reported, and not missed if it is not. */
  maybe: boolean;
  /** Only of these versions; null: of all. */
  nginx: string[] | null;
}

export interface ExpectedRoute {
  location: string;
  /** Only where several servers have such a location. */
  host: string | null;
  /** None: healthy. */
  findings: ExpectedFinding[];
}

export interface Expected {
  name: string;
  title: string;
  given: string;
  purpose: string;
  path: string | null;
  env: Record<string, string>;
  nginx: string[];
  routes: ExpectedRoute[];
}

type OneOrMore<T> = T | T[];

interface Written {
  title: string;
  given: string;
  options?: { for?: string; path?: string; env?: Record<string, string> };
  nginx?: string[];
  routes: {
    location: string;
    host?: string;
    healthy?: boolean;
    findings?: {
      rule: Rule;
      also?: Rule[];
      line: OneOrMore<string>;
      directive: OneOrMore<string>;
      absent?: boolean;
      when?: When;
      level?: Level;
      maybe?: boolean;
      nginx?: string[];
    }[];
  }[];
}

const list = <T>(value: OneOrMore<T> | undefined): T[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

export const readExpected = (name: string, text: string): Expected => {
  const written = parse(text) as Written;
  const { title, given, options = {}, nginx = ["1.26"], routes } = written;
  return {
    name,
    title,
    given,
    purpose: options.for ?? "sse",
    path: options.path ?? null,
    env: options.env ?? {},
    nginx,
    routes: routes.map(({ location, host = null, healthy = false, findings = [] }) => {
      if (healthy === findings.length > 0) throw new Error(`${name}: ${location} is either healthy or has findings`);
      return {
        location,
        host,
        findings: findings.map((finding) => ({
          rule: finding.rule,
          also: finding.also ?? [],
          lines: list(finding.line),
          directives: list(finding.directive),
          absent: finding.absent ?? false,
          when: finding.when ?? "both",
          level: finding.level ?? "error",
          maybe: finding.maybe ?? false,
          nginx: finding.nginx ?? null,
        })),
      };
    }),
  };
};

/** What is expected of one version. */
export const expectedOf = (expected: Expected, version: string): Expected => ({
  ...expected,
  routes: expected.routes.map((route) => ({ ...route, findings: route.findings.filter(({ nginx }) => nginx?.includes(version) ?? true) })),
});

export type Complaint =
  /** Nothing was found where something should be; the route may not even have been checked. */
  | { kind: "missed"; location: string; rule: Rule; why: string }
  /** Found, and another line (or none) named. */
  | { kind: "wrong-line"; location: string; rule: Rule; named: string | null; right: string[] }
  /** Found, by the right line, and said to hold whatever the client accepts. */
  | { kind: "wrong-condition"; location: string; rule: Rule }
  /** Found where nothing is wrong. */
  | { kind: "accused"; location: string; rule: Rule; says: string }
  | { kind: "unchecked"; location: string; why: string };

/** What of the report an expert would object to; empty: they agree. `folder` is what the report's file names begin with. */
export const compare = (expected: Expected, report: CheckReport, folder: string): Complaint[] =>
  expected.routes.flatMap((wanted): Complaint[] => {
    const route = report.routes.find((candidate) => isRoute(wanted, candidate));
    if (!route) {
      const there = report.routes.map(({ title }) => title).join(", ") || "none";
      return [{ kind: "unchecked", location: wanted.location, why: `routes: ${there}` }];
    }
    return compareRoute(
      wanted,
      report.findings.filter((finding) => finding.route === route.id),
      folder,
    );
  });

const isRoute = ({ location, host }: ExpectedRoute, route: CheckRoute): boolean =>
  route.title === location && (host === null || new URL(route.url).hostname === host);

const compareRoute = ({ location, findings }: ExpectedRoute, reported: readonly Finding[], folder: string): Complaint[] => {
  const complaints: Complaint[] = [];
  for (const wanted of findings) {
    const matching = reported.filter(
      (finding) => says(wanted, finding) && !findings.some((other) => other !== wanted && owns(other, finding, folder)),
    );
    if (matching.length === 0) {
      const rules = [...new Set(reported.map(({ rule }) => rule))].join(", ") || "nothing";
      if (!wanted.maybe) complaints.push({ kind: "missed", location, rule: wanted.rule, why: `reported: ${rules}` });
    } else if (!findings.some((other) => matching.some((finding) => says(other, finding) && isRight(other, finding, folder)))) {
      const named = matching.map((finding) => culpritLine(finding, folder)).find((line) => line !== null) ?? null;
      complaints.push({ kind: "wrong-line", location, rule: wanted.rule, named, right: wanted.lines });
    }
  }
  for (const wanted of findings) {
    const { when } = wanted;
    if (when !== "gzip" && when !== "br") continue;
    if (reported.some((finding) => owns(wanted, finding, folder) && !finding.conditions.includes(`Accept-Encoding: ${when}`)))
      complaints.push({ kind: "wrong-condition", location, rule: wanted.rule });
  }
  for (const finding of reported)
    if (isAccusation(finding) && !findings.some((wanted) => says(wanted, finding)))
      complaints.push({ kind: "accused", location, rule: finding.rule, says: `${finding.says} (${finding.evidence})` });
  return complaints;
};

/** Whatever its level: that depends on the purpose and on other routes. A timeout that is survived, and what has no effect, are facts. */
export const isAccusation = ({ rule, level }: Finding): boolean =>
  rule !== "no-effect" && rule !== "refused" && !(rule === "timed-out" && level === "note");

const says = ({ rule, also }: ExpectedFinding, finding: Finding): boolean => finding.rule === rule || also.includes(finding.rule);

/** The right rule and the right line: then it is no other fault. */
const owns = (wanted: ExpectedFinding, finding: Finding, folder: string): boolean =>
  finding.rule === wanted.rule && isRight(wanted, finding, folder);

const isRight = ({ lines }: ExpectedFinding, { culprit, quote = "" }: Finding, folder: string): boolean =>
  culprit === null
    ? lines.length === 0
    : [culprit.at, ...(culprit.with ? [culprit.with.at] : [])].some((at) => lines.includes(within(folder, at))) ||
      lines.some((line) => line === madeOf(quote));

/** What a line of a rendered configuration is made of, as the comment at its end says: `# use-gzip (ingress.yaml:7)`. */
const madeOf = (quote: string): string | undefined => / # \S+ \((\S+:\d+)\)$/.exec(quote)?.[1];

const culpritLine = ({ culprit }: Finding, folder: string): string | null => (culprit ? within(folder, culprit.at) : null);

/** A place as `expected.yaml` names it: relative to the configuration's own folder. */
const within = (folder: string, { file, line }: { file: string; line: number }): string => {
  const place = `${file}:${line}`.replace(/^\.\//, "");
  return place.startsWith(`${folder}/`) ? place.slice(folder.length + 1) : place;
};
