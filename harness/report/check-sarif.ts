// The report of `hopwise check` as SARIF 2.1.0, for code scanning and editors: one rule per kind of finding.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
import { changesOf } from "./check-diff.ts";
import type { Replacement } from "./check-diff.ts";
import type { CheckReport, Cure, Finding, Line, Rule } from "./check-report.ts";
import { inJson } from "./check-text.ts";
import { pageOfRule, placeOf, rules, unexplained, unjudged, wordsOfRule } from "./check-words.ts";
import { plain } from "./text.ts";

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

export const checkSarif = (report: CheckReport): string =>
  inJson({
    $schema: schema,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "hopwise", version: plain(report.tool.version), rules: rules.map((rule) => ruleOf(rule, report.tool.version)) },
        },
        automationDetails: { id: `hopwise/${plain(report.given)}/` },
        columnKind: "utf16CodeUnits",
        invocations: [invocationOf(report)],
        results: report.findings.map(resultOf),
      },
    ],
  });

/** Where a published version's pages can be read; they are part of the package. */
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
    defaultConfiguration: { level: rule === "folk-cure" ? "note" : "error" },
    properties: { tags: ["http", "streaming"], precision: "very-high" },
  };
};

/** Braces are placeholders and `[…](…)` is a link in a message (3.11.5 and 3.11.6): neither is meant here. */
const text = (words: string): string => plain(words).replaceAll(/[{}]/g, "$&$&").replaceAll("](", "] (");

const sentences = (...parts: (string | null)[]): string =>
  parts
    .filter((part) => part !== null && part !== "")
    .map((part) => (/[.!?]$/.test(part ?? "") ? part : `${part}.`))
    .join(" ");

const resultOf = (finding: Finding) => {
  const { id, rule, level, at, quote, route, says, evidence, conditions, guilty, unproven, cure } = finding;
  const fixes = cure ? fixesOf(cure) : null;
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level,
    message: {
      text: text(
        sentences(
          says,
          `On ${[route, ...conditions].join(", ")}: ${evidence}`,
          guilty === null ? unproven : null,
          cure
            ? `Cure: ${cure.title}${(cure.headers ?? []).map(([name, value]) => `; the application sends ${name}: ${value}`).join("")}`
            : null,
        ),
      ),
    },
    locations: [{ ...locationOf(at, quote), logicalLocations: [{ name: plain(route), kind: "resource" }] }],
    ...(guilty?.with
      ? { relatedLocations: [{ id: 1, ...locationOf(guilty.with.at), message: { text: text(`together with ${guilty.with.directive}`) } }] }
      : {}),
    // Stable over runs: the line may move.
    partialFingerprints: { "hopwise/v1": plain(id) },
    ...(fixes ? { fixes } : {}),
  };
};

const locationOf = ({ file, line, column }: Line, quote?: string) => ({
  physicalLocation: {
    artifactLocation: artifactOf(file),
    region: { startLine: Math.max(1, line), startColumn: Math.max(1, column) },
    ...(quote === undefined
      ? {}
      : { contextRegion: { startLine: Math.max(1, line), snippet: { text: plain(quote.replaceAll("\t", "    ")) } } }),
  },
});

/** Relative to the folder that Hopwise was started in, as the user gave it; an absolute path stays one. */
const artifactOf = (file: string) => {
  const path = file
    .toWellFormed()
    .split(/[/\\]/)
    .filter((part, index) => part !== "." && (part !== "" || index === 0))
    .map(encodeURIComponent);
  return path[0] === "" ? { uri: `file://${path.join("/")}` } : { uri: path.join("/") || "unknown", uriBaseId: "%SRCROOT%" };
};

const fixesOf = ({ diff, title }: Cure) => {
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

/** Whole lines: from the first column on, to where the last of them ends or, if nothing takes their place, to where the next begins. */
const replacementOf = ({ from, deletes, inserts }: Replacement) =>
  deletes > 0 && inserts.length > 0
    ? { deletedRegion: { startLine: from, startColumn: 1, endLine: from + deletes - 1 }, insertedContent: { text: inserts.join("\n") } }
    : {
        deletedRegion: { startLine: from, startColumn: 1, endLine: from + deletes, endColumn: 1 },
        insertedContent: { text: inserts.map((line) => `${line}\n`).join("") },
      };

const invocationOf = (report: CheckReport) => {
  const started = Date.parse(report.startedAt);
  const times = Number.isNaN(started)
    ? {}
    : { startTimeUtc: new Date(started).toISOString(), endTimeUtc: new Date(started + report.tookMs).toISOString() };
  return {
    executionSuccessful: !report.interrupted,
    ...times,
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
      ...report.leftOut.map(({ what, why, at }) => ({
        level: "note",
        message: { text: text(`${placeOf(at)} is not checked: ${what}: ${why}`) },
        locations: [locationOf(at)],
      })),
    ],
  };
};
