// `npm run readme`: renders the recorded reports of docs/samples/readme/ into README.md, and draws its pictures (docs/images/).      --record   runs them first (needs a container engine)
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../harness/catalog/package-root.ts";
import type { Report } from "../harness/report/report.ts";
import { pictures } from "./_readme-pictures.ts";
import { samples, withSamples } from "./_readme-samples.ts";
import type { Sample } from "./_readme-samples.ts";
import { optionsOf } from "./_options.ts";

const folder = join(packageRoot, "docs/samples/readme");
const fileOf = (name: Sample["name"]): string => join(folder, `${name}.json`);

const record = async ({ name, args, exitCode }: Sample): Promise<void> => {
  const program = join(packageRoot, "bin/hopwise.cjs");
  const child = spawn(process.execPath, [program, ...args, "--reporter", `json=${fileOf(name)}`], { cwd: folder, stdio: "inherit" });
  const [code] = (await once(child, "close")) as [code: number | null];
  if (code !== exitCode) throw new Error(`hopwise ${args.join(" ")} ended with ${code}, not ${exitCode}: the sample is unchanged`);
};

const { record: records } = optionsOf({ options: { record: { type: "boolean", default: false } } }).values;
if (records) for (const sample of samples) await record(sample);
const [run, check] = await Promise.all(
  (["run", "check"] as const).map(async (name) => JSON.parse(await readFile(fileOf(name), "utf8")) as unknown),
);
const readme = join(packageRoot, "README.md");
await writeFile(readme, withSamples(await readFile(readme, "utf8"), { run, check }));

const images = join(packageRoot, "docs/images");
await mkdir(images, { recursive: true });
for (const [name, text] of Object.entries(pictures(run as Report))) await writeFile(join(images, name), text);
