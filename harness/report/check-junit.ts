// The report of `hopwise check` as JUnit XML: a suite per route, a case per check.
import { findingCard } from "./check-card.ts";
import { errorsOf, groupsOf } from "./check-group.ts";
import { factsOf } from "./check-facts.ts";
import { notCheckedSentences } from "./check-not-run.ts";
import type { CheckReport, CheckRoute, Finding } from "./check-report.ts";
import { placeOf, shows } from "./check-words.ts";
import type { ScenarioReport } from "./report.ts";
import { outcomeWords } from "./words.ts";
import { element } from "./xml.ts";

export const checkJunit = (report: CheckReport): string => {
  const suites = report.routes.map((route) => suiteOf(report, route));
  const broken = report.interrupted ? [interruption(report)] : [];
  const all = [...suites, ...broken];
  const total = (name: keyof Counts): number => all.reduce((sum, { counts }) => sum + counts[name], 0);
  const totals = { tests: total("tests"), failures: total("failures"), errors: total("errors"), skipped: total("skipped") };
  const root = element(
    "testsuites",
    { name: "hopwise check", ...totals, time: seconds(report.tookMs) },
    all.map(({ xml }) => xml),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${noCommandsInXml(root)}\n`;
};

/** Like `noCommands`, in XML: a parser reads the same text as before. */
export const noCommandsInXml = (xml: string): string => xml.replaceAll("##[", "#&#35;[").replaceAll(/^([^\S\n]*):(?=:)/gm, "$1&#58;");

interface Counts {
  tests: number;
  failures: number;
  errors: number;
  skipped: number;
}

interface Suite {
  counts: Counts;
  xml: string;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const suiteOf = (report: CheckReport, route: CheckRoute): Suite => {
  // Findings without a check get their own test case.
  const apart = report.findings.filter((one) => one.route === route.id && !route.checks.some(({ check }) => check === one.check));
  const more = new Set(apart.filter(({ level }) => level === "error").map(({ check }) => check));
  const cases = [
    ...route.checks.map(({ check, scenario }) => caseOf(report, route, check, scenario)),
    ...[...more].map((check) => caseOf(report, route, check, null)),
  ];
  const notes = apart.filter(({ level, check }) => level !== "error" && !more.has(check));
  const count = (wanted: Case["tag"]): number => cases.filter(({ tag }) => tag === wanted).length;
  const counts = { tests: cases.length, failures: count("failure"), errors: count("error"), skipped: count("skipped") };
  const output = [...notes.map((finding) => cardOf(report, finding)), ...factsOf(route)];
  return {
    counts,
    xml: element(
      "testsuite",
      {
        name: route.id,
        ...counts,
        time: seconds(route.checks.reduce((sum, { scenario }) => sum + scenario.tookMs, 0)),
        timestamp: timestampOf(report),
        file: route.at.file,
      },
      [
        element("properties", {}, propertiesOf(report, route)),
        ...cases.map(({ xml }) => xml),
        ...(output.length > 0 ? [element("system-out", {}, `${output.join("\n\n")}\n`)] : []),
      ],
    ),
  };
};

const timestampOf = ({ startedAt }: CheckReport): string => startedAt.replace(/(\.\d+)?Z$/, "");

const propertiesOf = (report: CheckReport, { id, url, at, title }: CheckRoute): string[] => {
  const { tool, server, given, purpose, stubs, notChecked } = report;
  return [
    ["hopwise", tool.version],
    ["given", given],
    ["for", purpose],
    ["server", server.version],
    ["image", server.image],
    ["url", url],
    ["at", `${placeOf(at)}: ${title}`],
    ...stubs.map(({ what, why }) => ["stub", `${what} (${why})`]),
    ...notChecked.map(({ what, why, at: place }) => ["not-checked", `${placeOf(place)}: ${what} (${why})`]),
    ...notCheckedSentences(report).flatMap(({ route, text }) => (route === id ? [["not-checked", text]] : [])),
  ].map(([name, value]) => element("property", { name, value }));
};

interface Case {
  tag: "passed" | "failure" | "error" | "skipped";
  xml: string;
}

const cardOf = (report: CheckReport, finding: Finding): string =>
  groupsOf({ ...report, findings: [finding] })
    .map((group) => findingCard(report, group, { width: 100, color: false }).text)
    .join("\n\n");

/** A failure's message stands for itself in a list: the place and what happens there. */
const caseOf = (report: CheckReport, route: CheckRoute, check: string, scenario: ScenarioReport | null): Case => {
  const errors = errorsOf(report, route.id, check, scenario);
  const notes = report.findings.filter((one) => one.level !== "error" && one.route === route.id && one.check === check);
  const cards = (of: readonly Finding[]): string => of.map((finding) => cardOf(report, finding)).join("\n\n");
  const place = errors[0]?.at ?? route.at;
  // What is less than an error fails no test.
  const isLesser = report.findings.some((one) => one.route === route.id && one.level !== "error" && shows(one, check));
  const [tag, ...inside] =
    isLesser && errors.length === 0 && scenario?.outcome === "fail"
      ? ["passed" as const]
      : resultOf(route, scenario, errors, cards(errors));
  const output = [...(tag === "passed" && scenario ? [scenario.why] : []), ...(notes.length > 0 ? [cards(notes)] : [])];
  const attributes = {
    classname: route.id,
    name: check,
    file: place.file,
    line: place.line,
    time: scenario ? seconds(scenario.tookMs) : undefined,
  };
  const out = output.length > 0 ? [element("system-out", {}, `${output.join("\n\n")}\n`)] : [];
  return { tag, xml: element("testcase", attributes, [...inside, ...out]) };
};

const resultOf = (
  route: CheckRoute,
  scenario: ScenarioReport | null,
  [error]: readonly Finding[],
  text: string,
): [tag: Case["tag"], ...inside: string[]] => {
  if (error) return ["failure", element("failure", { type: error.rule, message: `${placeOf(error.at)}: ${error.says}` }, `${text}\n`)];
  if (scenario === null || scenario.outcome === "pass") return ["passed"];
  const { outcome, headline, why } = scenario;
  const message = `${outcomeWords[outcome].word}: ${why}`;
  switch (outcome) {
    case "fail":
      return ["failure", element("failure", { type: headline, message: `${placeOf(route.at)}: ${why}` })];
    case "unsupported":
      return ["skipped", element("skipped", { message })];
    default:
      return ["error", element("error", { type: outcome, message })];
  }
};

/** A check that did not come to its end must not look like one that found nothing. */
const interruption = ({ routes }: CheckReport): Suite => {
  const counts = { tests: 1, failures: 0, errors: 1, skipped: 0 };
  const message = `interrupted: ${routes.length} routes were looked at, what was not done is missing`;
  const xml = element("testsuite", { name: "hopwise check", ...counts }, [
    element("testcase", { classname: "hopwise check", name: "The check comes to its end" }, [
      element("error", { type: "interrupted", message }),
    ]),
  ]);
  return { counts, xml };
};
