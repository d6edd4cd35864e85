// The report of `hopwise check` as SARIF 2.1.0, for code scanning and editors: one rule per kind of finding.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
import { changesOf } from "./check-diff.ts";
import type { Replacement } from "./check-diff.ts";
import type { CheckReport, ProvenFix, Finding, Level, Line, Rule } from "./check-report.ts";
import { notCheckedSentences } from "./check-not-run.ts";
import { inJson } from "./check-text.ts";
import { pageOfRule, placeOf, rules, unexplained, unjudged, wordsOfRule } from "./check-words.ts";
import { plain } from "./text.ts";

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

export const checkSarif = (report: CheckReport): string =>
  logOf({
    tool: { driver: driverOf(report) },
    automationDetails: { id: `hopwise/${plain(report.given)}/` },
    columnKind: "utf16CodeUnits",
    invocations: [invocationOf(report)],
    results: report.findings.map(resultOf),
  });

export const logOf = (run: object): string => inJson({ $schema: schema, version: "2.1.0", runs: [run] });

export const driverOf = ({ tool: { version } }: Pick<CheckReport, "tool">) => ({
  name: "hopwise",
  version: plain(version),
  rules: rules.map((rule) => ruleOf(rule, version)),
});

/** The pages of a published version; they are part of the package. */
const pageUrl = (rule: Rule, version: string): string =>
  `https://unpkg.com/hopwise@${encodeURIComponent(version.toWellFormed())}/${pageOfRule(rule)}`;

const ruleOf = (rule: Rule, version: string) => {
  const { meaning } = wordsOfRule(rule);
  const sentence = `${meaning[0]?.toUpperCase() ?? ""}${meaning.slice(1)}.`;
  return {
    id: rule,
    name: rule.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: sentence },
    fullDescription: { text: sentence },
    help: { text: `${sentence} See ${pageOfRule(rule)} of hopwise.`, markdown: `${sentence} See [${rule}](${pageUrl(rule, version)}).` },
    helpUri: pageUrl(rule, version),
    defaultConfiguration: { level: levelOfRule(rule) },
    properties: { tags: ["http", "streaming"], precision: "very-high" },
  };
};

const levelOfRule = (rule: Rule): Level => (rule === "no-effect" ? "note" : rule === "refused" ? "warning" : "error");

/** Braces are placeholders and `[…](…)` is a link in a message (3.11.5 and 3.11.6): neither is intended here. */
export const text = (words: string): string => plain(words).replaceAll(/[{}]/g, "$&$&").replaceAll("](", "] (");

export const sentences = (...parts: (string | null)[]): string =>
  parts
    .filter((part) => part !== null && part !== "")
    .map((part) => (/[.!?]$/.test(part ?? "") ? part : `${part}.`))
    .join(" ");

const resultOf = (finding: Finding) => {
  const { id, rule, level, at, quote, route, says, evidence, conditions, culprit, unproven, fix } = finding;
  const fixes = fix ? fixesOf(fix) : null;
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level,
    message: {
      text: text(
        sentences(
          says,
          `On ${[route, ...conditions].join(", ")}: ${evidence}`,
          culprit === null ? unproven : null,
          fix
            ? `Fix: ${fix.title}${(fix.headers ?? []).map(([name, value]) => `; the application sends ${name}: ${value}`).join("")}`
            : null,
        ),
      ),
    },
    locations: [{ ...locationOf(at, quote), logicalLocations: [{ name: plain(route), kind: "resource" }] }],
    ...(culprit?.with
      ? {
          relatedLocations: [{ id: 1, ...locationOf(culprit.with.at), message: { text: text(`together with ${culprit.with.directive}`) } }],
        }
      : {}),
    // Stable across runs, even if the line moves.
    partialFingerprints: { "hopwise/v1": plain(id) },
    ...(fixes ? { fixes } : {}),
  };
};

export const locationOf = ({ file, line, column }: Line, quote?: string) => ({
  physicalLocation: {
    artifactLocation: artifactOf(file),
    region: { startLine: Math.max(1, line), startColumn: Math.max(1, column) },
    ...(quote === undefined
      ? {}
      : { contextRegion: { startLine: Math.max(1, line), snippet: { text: plain(quote.replaceAll("\t", "    ")) } } }),
  },
});

/** Relative to the working directory, as given; absolute paths stay absolute. */
const artifactOf = (file: string) => {
  const path = file
    .toWellFormed()
    .split(/[/\\]/)
    .filter((part, index) => part !== "." && (part !== "" || index === 0))
    .map(encodeURIComponent);
  return path[0] === "" ? { uri: `file://${path.join("/")}` } : { uri: path.join("/") || "unknown", uriBaseId: "%SRCROOT%" };
};

const fixesOf = ({ diff, title }: ProvenFix) => {
  const changes = diff === null ? null : changesOf(diff);
  return changes
    ? [
        {
          description: { text: text(title) },
          artifactChanges: changes.map(({ file, replacements }) => ({
            artifactLocation: artifactOf(file),
            replacements: replacements.map(replacementOf),
          })),
        },
      ]
    : null;
};

/** Whole lines: to the end of the last one or, if nothing replaces them, to the start of the next. */
const replacementOf = ({ from, deletes, inserts }: Replacement) =>
  deletes > 0 && inserts.length > 0
    ? { deletedRegion: { startLine: from, startColumn: 1, endLine: from + deletes - 1 }, insertedContent: { text: inserts.join("\n") } }
    : {
        deletedRegion: { startLine: from, startColumn: 1, endLine: from + deletes, endColumn: 1 },
        insertedContent: { text: inserts.map((line) => `${line}\n`).join("") },
      };

export const timesOf = ({ startedAt, tookMs }: Pick<CheckReport, "startedAt" | "tookMs">) => {
  const started = Date.parse(startedAt);
  return Number.isNaN(started)
    ? {}
    : { startTimeUtc: new Date(started).toISOString(), endTimeUtc: new Date(started + tookMs).toISOString() };
};

const invocationOf = (report: CheckReport) => ({
  executionSuccessful: !report.interrupted,
  ...timesOf(report),
  toolExecutionNotifications: [
    ...unjudged(report).map(({ route, check, outcome, why }) => ({
      level: "warning",
      message: { text: text(`${route.id} ${check} could not be judged (${outcome}): ${why}`) },
      locations: [locationOf(route.at)],
    })),
    ...unexplained(report).map(({ route, check, why }) => ({
      level: "error",
      message: { text: text(`${route.id} ${check} failed: ${why}`) },
      locations: [locationOf(route.at)],
    })),
    ...notCheckedSentences(report).map(({ at, text: words }) => ({
      level: "warning",
      message: { text: text(words) },
      ...(at ? { locations: [locationOf(at)] } : {}),
    })),
    ...report.notChecked.map(({ what, why, at }) => ({
      level: "note",
      message: { text: text(`${placeOf(at)} is not checked: ${what}: ${why}`) },
      locations: [locationOf(at)],
    })),
  ],
});
