// The report as JSON (schema hopwise.check/1, published with this file as check.schema.json).
import type { AnyCheckReport } from "./predicted-report.ts";
import { inJson } from "./check-text.ts";

export const checkJson = (report: AnyCheckReport): string => inJson(report);
