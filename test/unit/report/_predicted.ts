// A report of a run without a container engine, made as the command makes it, of the configuration of the fixtures.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checksOf } from "../../../harness/check/checks.ts";
import { predictedReport } from "../../../harness/check/predicted.ts";
import type { PredictedOptions } from "../../../harness/check/predicted.ts";
import { readSubject } from "../../../harness/check/subject.ts";
import type { PredictedReport } from "../../../harness/report/predicted-report.ts";
import { nginxConf } from "./check-fixtures.ts";

export const predictedOf = async (text: string | Uint8Array, options: Partial<PredictedOptions> = {}): Promise<PredictedReport> => {
  const folder = mkdtempSync(join(tmpdir(), "hopwise-predicted-"));
  try {
    const given = "deploy/nginx.conf";
    mkdirSync(join(folder, "deploy"));
    writeFileSync(join(folder, given), text);
    const { server, config } = await readSubject(given, { cwd: folder, env: {} });
    const known = { server, config, checks: checksOf("sse"), image: null, given, purpose: "sse", version: "1.2.3" };
    return predictedReport({ ...known, engineAt: null, notDone: [], ...options });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const predictedExample = await predictedOf(nginxConf);

const fixed = new Set(["schema", "name", "level", "rule", "reason", "startedAt", "platform", "node", "features"]);

/** The same, with `word` in everything that a configuration, a machine or a user may say. */
export const predictedWith = (word: string): PredictedReport => spoiled(predictedExample, word) as PredictedReport;

const spoiled = (value: unknown, word: string): unknown => {
  if (typeof value === "string") return `${value}${word}`;
  if (Array.isArray(value)) return value.map((one) => spoiled(one, word));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fixed.has(key) ? one : spoiled(one, word)]));
};
