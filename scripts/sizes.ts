// Part of `npm run check`: how long the files of harness/ are. Half of them have at most 70 lines, nine in ten at most 160. Functions: .oxlintrc.json.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { optionsOf } from "./_options.ts";

optionsOf({});

const limits = [
  { share: 0.5, lines: 70 },
  { share: 0.9, lines: 160 },
] as const;

const folder = join(packageRoot, "harness");
const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => ({ name, lines: readFileSync(join(folder, name), "utf8").split("\n").length - 1 }))
  .toSorted((one, other) => one.lines - other.lines);

for (const { share, lines: most } of limits) {
  const at = files[Math.ceil(share * files.length) - 1];
  const words = `${100 * share} % of the ${files.length} files of harness/ have at most ${at?.lines} lines`;
  if (at && at.lines <= most) console.log(words);
  else {
    const next = files.filter(({ lines }) => lines > most).slice(0, 10);
    console.error(
      `${words}, and should have at most ${most}: split some, e.g. ${next.map(({ name, lines }) => `${name} (${lines})`).join(", ")}`,
    );
    process.exitCode = 1;
  }
}
