// `node bench/check-chains.ts [part of a name…]`: `hopwise check` on every deployment of test/chains, against what an expert expects of it.
// Exits 1 if they disagree; the reports are then in out/check-chains/.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { packageRoot } from "../harness/catalog/package-root.ts";
import type { CheckReport } from "../harness/report/check-report.ts";
import { chainsFolder, complaintsOf, readChains } from "../test/chains/_expected.ts";

const parts = process.argv.slice(2);
const chains = readChains().filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
let disagreed = 0;
for (const expected of chains) {
  const began = performance.now();
  const program = [join(packageRoot, "bin/hopwise.cjs"), "check", "compose.yaml", ...expected.arguments, "--reporter", "json"];
  const child = spawn(process.execPath, program, { cwd: join(chainsFolder, expected.name), stdio: ["ignore", "pipe", "pipe"] });
  // One after another: each uses all processors.
  // oxlint-disable-next-line no-await-in-loop
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close") as Promise<[number | null]>]);
  const complaints = out === "" ? [err.trim()] : complaintsOf(expected, code, JSON.parse(out) as CheckReport);
  if (complaints.length > 0) {
    disagreed += 1;
    mkdirSync(join(packageRoot, "out/check-chains"), { recursive: true });
    writeFileSync(join(packageRoot, "out/check-chains", `${expected.name}.json`), out);
  }
  console.log(
    `${complaints.length === 0 ? "agree   " : "disagree"} ${expected.name} (${((performance.now() - began) / 1000).toFixed(1)} s)`,
  );
  for (const complaint of complaints) console.log(`    ${complaint}`);
}
console.log(`\n${chains.length - disagreed} of ${chains.length} as expected`);
process.exitCode = disagreed > 0 ? 1 : 0;
