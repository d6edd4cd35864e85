// `node bench/check-public.ts [part of a name…]`: `hopwise check` on every configuration of test/public, against what an expert expects of it.
// Exits 1 if they disagree; the reports are then in out/check-public/.
import { join } from "node:path";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { complaintsOf, readCalls } from "../test/field/_calls.ts";
import { compareAnswers } from "./_answers.ts";

await compareAnswers(
  readCalls(join(packageRoot, "test/public")).map((call) => ({
    name: `${call.name}: ${call.args.join(" ")}`,
    folder: call.folder,
    args: call.args,
    complaintsOf: (answer) => complaintsOf(call, answer),
  })),
  "check-public",
);
