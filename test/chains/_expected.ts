// Deployments with several proxies, each with what an expert expects of a check: written down before the program ran on them.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { CheckReport, Finding, Rule } from "../../harness/report/check-report.ts";

export interface ExpectedChain {
  name: string;
  title: string;
  /** Of the command, after the compose file. */
  arguments: string[];
  exit: number;
  /** Each must be there as an error or a warning. `lines`: any of these; absent: no line is expected. */
  findings: { rules: Rule[]; hop: string; lines?: string[] }[];
  /** Services that no error and no warning may name. */
  innocent?: string[];
  /** Beginnings of what the report must list as not checked. */
  notChecked?: string[];
}

export const chainsFolder = import.meta.dirname;

export const readChains = (): ExpectedChain[] =>
  readdirSync(chainsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({
      name,
      ...(parse(readFileSync(join(chainsFolder, name, "expected.yaml"), "utf8")) as Omit<ExpectedChain, "name">),
    }));

const placeOf = ({ at: { file, line } }: Finding): string => `${file}:${line}`;

/** What is not as expected, a sentence each. */
export const complaintsOf = (expected: ExpectedChain, code: number | null, { findings, notChecked }: CheckReport): string[] => {
  const faults = findings.filter(({ level, rule }) => level !== "note" && rule !== "no-effect");
  const inShort = faults.map((one) => `${one.rule} ${one.hop} ${placeOf(one)}`).join(", ");
  return [
    ...(code === expected.exit ? [] : [`exit code ${code}, not ${expected.exit}`]),
    ...expected.findings
      .filter(
        ({ rules, hop, lines }) =>
          !faults.some((one) => rules.includes(one.rule) && one.hop === hop && (lines?.includes(placeOf(one)) ?? true)),
      )
      .map(
        ({ rules, hop, lines }) =>
          `missed ${rules.join(" or ")} of ${hop} at ${lines?.join(" or ") ?? "any line"}; found: ${inShort || "nothing"}`,
      ),
    ...faults
      .filter(({ hop = "" }) => expected.innocent?.includes(hop) || expected.findings.length === 0)
      .map((one) => `accused ${one.hop} of ${one.rule} at ${placeOf(one)}: ${one.evidence}`),
    ...(expected.notChecked ?? [])
      .filter((what) => !notChecked.some((one) => one.what.startsWith(what)))
      .map((what) => `${what} is not listed as not checked`),
  ];
};
