// `npm run site [-- folder]`: "Can I stream through …?" as a folder of static pages, from results/ and the recorded traces of test/golden/.
// Without a folder it goes to out/site/.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { openCatalog } from "../harness/catalog/catalog.ts";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { asksOf } from "./_asks.ts";
import { canIStream } from "./_can-i-stream.ts";
import { keptResults } from "./_kept.ts";
import { descriptionsOf, recordedTraces } from "./_recorded.ts";
import { platformPages } from "./_site-platforms.ts";
import { lookPage } from "./_site-look.ts";
import { sitePages } from "./_site.ts";
import type { Claim } from "./_site-parts.ts";
import { optionsOf } from "./_options.ts";

const { positionals } = optionsOf({ allowPositionals: true });
const folder = resolve(positionals[0] ?? join(packageRoot, "out/site"));
const catalog = openCatalog();
const described = await descriptionsOf(catalog);
const traces = await recordedTraces();
const data = canIStream(await keptResults(join(packageRoot, "results")), await asksOf(catalog));
const claims = JSON.parse(await readFile(join(packageRoot, "results/claims.json"), "utf8")) as Claim[];
const platforms = await Promise.all(catalog.platforms.entries.map(async ({ id, load }) => ({ id, ...(await load()) })));
const pages = new Map([...sitePages({ data, claims, described, traces }), ...platformPages(platforms)]);

await rm(folder, { recursive: true, force: true });
const put = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
};
for (const [path, text] of pages) await put(path, text);
await put("look.html", await lookPage());
for (const [id, trace] of traces) if (pages.has(`scenario/${id}.html`)) await put(`traces/${id}.json`, JSON.stringify(trace));
await copyFile(join(packageRoot, "docs/can-i-stream.schema.json"), join(folder, "can-i-stream.schema.json"));
process.stderr.write(`${pages.size + 1} pages in ${folder}\n`);
