// `npm run platforms`: renders platforms/ into docs/platforms.md.        --check only compares
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openCatalog } from "../harness/catalog/catalog.ts";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { renderedPlatforms } from "./_platforms.ts";
import { optionsOf } from "./_options.ts";

const { check } = optionsOf({ options: { check: { type: "boolean", default: false } } }).values;
const file = join(packageRoot, "docs/platforms.md");
const { entries } = openCatalog().platforms;
const platforms = await Promise.all(entries.map(async ({ id, load }) => ({ id, ...(await load()) })));
const before = await readFile(file, "utf8");
const after = renderedPlatforms(before, platforms);
if (!check) await writeFile(file, after);
else if (after !== before) {
  process.stderr.write("docs/platforms.md differs from platforms/: npm run platforms\n");
  process.exitCode = 1;
}
