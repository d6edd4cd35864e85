// The report as JSON (schema hopwise.report/1, published with this file as report.schema.json).
import type { Report } from "./report.ts";

export const json = (report: Report): string => asJson(report);

/** As JSON, with characters that control a terminal escaped. */
export const asJson = (report: object): string => `${JSON.stringify(report, null, 2).replaceAll(unescaped, unitsOf)}\n`;

/** Control characters that JSON.stringify does not escape: it escapes only C0 and lone surrogates. */
const unescaped = /[\u007F-\u009F\p{Cf}\u2028\u2029]/gu;

const unitsOf = (character: string): string =>
  Array.from({ length: character.length }, (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`).join("");
