// `hopwise init`: a first scenario and a CI workflow. Nothing that is there is overwritten without being asked to.
import { existsSync } from "node:fs";
import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { AuthorError } from "../runtime/runtime.ts";
import { exitCodes } from "./exit-code.ts";
import type { Screen } from "./screen.ts";

export interface InitFlags {
  force?: boolean;
}

const folder = "hopwise";
const scenarioFile = `${folder}/events-survive.yaml`;
const workflowFile = ".github/workflows/hopwise.yml";

export const initCommand = async (
  { force = false }: InitFlags,
  { version }: Pick<Screen, "version">,
): Promise<{ text: string; code: number }> => {
  const installed = await isInstalled();
  const files = {
    [scenarioFile]: scenario(version),
    [workflowFile]: workflow(installed ? "npx hopwise" : `npx --yes hopwise@${version}`, installed),
  };
  const there = (await Promise.all(Object.keys(files).map(async (file) => ((await isThere(file)) ? [file] : [])))).flat();
  if (there.length > 0 && !force)
    throw new AuthorError(
      `${there.join(" and ")} ${there.length > 1 ? "are" : "is"} there already, and nothing was written; hopwise init --force overwrites`,
    );
  for (const [file, text] of Object.entries(files)) await write(file, text, force);
  return { text: `${told(installed, version).join("\n")}\n`, code: exitCodes.holds };
};

const isThere = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );

const write = async (file: string, text: string, force: boolean): Promise<void> => {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: force ? "w" : "wx" });
  } catch (cause) {
    throw new AuthorError(`${file} could not be written: ${(cause as Error).message}`, { cause });
  }
};

/** Among the project's own dependencies, so that `npm ci` brings it. */
const isInstalled = async (): Promise<boolean> => {
  const text = await readFile("package.json", "utf8").catch(() => "{}");
  try {
    const { dependencies, devDependencies } = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
    return existsSync("package-lock.json") && "hopwise" in { ...dependencies, ...devDependencies };
  } catch {
    return false;
  }
};

const schemaIn = "dist/harness/scenario.schema.json";

const scenario = (version: string): string => {
  const local = join("node_modules", "hopwise", schemaIn);
  return `# yaml-language-server: $schema=${existsSync(local) ? `../node_modules/hopwise/${schemaIn}` : `https://unpkg.com/hopwise@${version}/${schemaIn}`}
#
# A scenario is one file; its name is its id. This one is run by:  npx hopwise run ${folder}
title: Events survive our edge

# In the direction of the bytes: the application, then the hops up to the client (npx hopwise list tells which there are).
chain:
  - app: sse # Server-Sent Events; or ndjson, csv, json-array, text, binary
  - http-proxy # put your own here: nginx:unbuffered, or any command that listens on PORT: "command:node my-proxy.js"

# A list is a sweep: curl sends no Accept-Encoding, browsers do.
request:
  acceptEncoding: [null, gzip]

# Each record is written only after the client has confirmed the one before.
trial:
  kind: lock-step

must:
  deliver: incrementally
  end: complete
  source: origin
`;
};

const workflow = (hopwise: string, installed: boolean): string => `name: Hopwise

on:
  push:
    branches: [main]
  pull_request:

permissions: {}

jobs:
  streams:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with:
          persist-credentials: false
      - uses: actions/setup-node@a0853c24544627f65ddf259abe73b1d18a591444 # v5.0.0
        with:
          node-version: 24
${installed ? "      - run: npm ci\n" : ""}      # Without --runtime process, servers such as nginx run in containers.
      - run: >-
          ${hopwise} run ${folder} --runtime process
          --reporter pretty --reporter github
          --reporter junit=out/hopwise.xml --reporter json=out/hopwise.json
      - uses: actions/upload-artifact@330a01c490aca151604b8cf639adc76d48f6c5d4 # v5.0.0
        if: always()
        with:
          name: hopwise
          path: out/
`;

const told = (installed: boolean, version: string): string[] => {
  const root = repositoryAbove();
  return [
    `Written: ${scenarioFile}`,
    `Written: ${workflowFile}`,
    "",
    "Next:",
    ...(installed ? [] : [`  npm install --save-dev hopwise@${version}`]),
    `  npx hopwise run ${folder} --runtime process`,
    `  npx hopwise list servers        what can stand in place of http-proxy in ${scenarioFile}`,
    ...(root === null
      ? []
      : ["", `GitHub reads workflows at the repository's root: move ${workflowFile} to ${root}, and add a working-directory.`]),
  ];
};

/** The root of the repository where that is not this folder. */
const repositoryAbove = (): string | null => {
  for (let at = resolve("."); ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at === resolve(".") ? null : at;
    if (dirname(at) === at) return null;
  }
};
