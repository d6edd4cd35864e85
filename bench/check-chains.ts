// `node bench/check-chains.ts [part of a name…]`: `hopwise check` on every deployment of test/chains, against what an expert expects of it.
// Exits 1 if they disagree; the reports are then in out/check-chains/.
import { join } from "node:path";
import { chainsFolder, complaintsOf, readChains } from "../test/chains/_expected.ts";
import { compareAnswers } from "./_answers.ts";

await compareAnswers(
  readChains().map((expected) => ({
    name: expected.name,
    folder: join(chainsFolder, expected.name),
    args: ["compose.yaml", ...expected.arguments],
    complaintsOf: ({ code, err, report }) => (report ? complaintsOf(expected, code, report) : [err.trim()]),
  })),
  "check-chains",
);
