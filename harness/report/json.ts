// The report as JSON (schema hopwise.report/1, published beside this file as report.schema.json).
import type { Report } from "./report.ts";

export const json = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`;
