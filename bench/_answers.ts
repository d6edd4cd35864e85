// `hopwise check` on what has an expected answer, one call after another: each uses all processors.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { packageRoot } from "../harness/catalog/package-root.ts";
import type { CheckReport } from "../harness/report/check-report.ts";
import { optionsOf } from "../scripts/_options.ts";

export interface Asked {
  name: string;
  folder: string;
  args: string[];
  /** What an expert would object to; empty: they agree. */
  complaintsOf: (answer: { code: number | null; err: string; report: CheckReport | null }) => string[];
}

/** Prints each answer that is not as expected, keeps its report in `out/<into>/`, and sets exit code 1. */
export const compareAnswers = async (all: readonly Asked[], into: string): Promise<void> => {
  const { positionals: parts } = optionsOf({ allowPositionals: true });
  const asked = all.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
  let disagreed = 0;
  for (const call of asked) {
    // oxlint-disable-next-line no-await-in-loop
    if (!(await agrees(call, into))) disagreed += 1;
  }
  console.log(`\n${asked.length - disagreed} of ${asked.length} as expected`);
  process.exitCode = disagreed > 0 ? 1 : 0;
};

const agrees = async ({ name, folder, args, complaintsOf }: Asked, into: string): Promise<boolean> => {
  const began = performance.now();
  const program = [join(packageRoot, "bin/hopwise.cjs"), "check", ...args, "--reporter", "json"];
  const child = spawn(process.execPath, program, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close") as Promise<[number | null]>]);
  const complaints = complaintsOf({ code, err, report: out === "" ? null : (JSON.parse(out) as CheckReport) });
  if (complaints.length > 0) {
    mkdirSync(join(packageRoot, "out", into), { recursive: true });
    writeFileSync(join(packageRoot, "out", into, `${name.replaceAll(/[^\w.-]+/g, "-")}.json`), out);
  }
  console.log(`${complaints.length === 0 ? "agree   " : "disagree"} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  for (const complaint of complaints) console.log(`    ${complaint}`);
  return complaints.length === 0;
};
