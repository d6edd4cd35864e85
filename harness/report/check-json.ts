// The report as JSON (schema hopwise.check/1, published beside this file as check.schema.json).
import type { CheckReport } from "./check-report.ts";
import { inJson } from "./check-text.ts";

export const checkJson = (report: CheckReport): string => inJson(report);
