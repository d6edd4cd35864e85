// `hopwise init`: writes first files for what the project has: its streaming routes, or else a first scenario; and a CI workflow. Existing files are overwritten only with --force.
import { existsSync } from "node:fs";
import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { AuthorError } from "../errors.ts";
import { exitCodes } from "./exit-code.ts";
import { configurationsIn, settingsFor } from "./init-project.ts";
import type { FoundConfiguration } from "./init-project.ts";
import type { Screen } from "./screen.ts";

export interface InitFlags {
  force?: boolean;
}

const folder = "hopwise";
const scenarioFile = `${folder}/events-survive.yaml`;
const settingsFile = "hopwise.yaml";
const workflowFile = ".github/workflows/hopwise.yml";

export const initCommand = async (
  { force = false }: InitFlags,
  { version }: Pick<Screen, "version">,
): Promise<{ text: string; code: number }> => {
  const installed = await isInstalled();
  const found = await configurationsIn(".");
  const settings = settingsFor(found);
  const hopwise = installed ? "npx hopwise" : `npx --yes hopwise@${version}`;
  const [first] = found;
  const files: Record<string, string> = {
    ...(first ? (settings === null ? {} : { [settingsFile]: settings }) : { [scenarioFile]: scenario(version) }),
    [workflowFile]: workflow(first ? `check ${first.given}` : `run ${folder} --runtime process`, hopwise, installed),
  };
  const there = (await Promise.all(Object.keys(files).map(async (file) => ((await isThere(file)) ? [file] : [])))).flat();
  if (there.length > 0 && !force)
    throw new AuthorError(
      `${there.join(" and ")} already ${there.length > 1 ? "exist" : "exists"}; nothing was written. To overwrite: npx hopwise init --force`,
    );
  for (const [file, text] of Object.entries(files)) await write(file, text, force);
  const text = [
    ...found.flatMap(shownRoutes),
    ...Object.keys(files).map((file) => `Written: ${file}`),
    ...nextSteps(installed, version, first),
  ];
  return { text: `${text.join("\n")}\n`, code: exitCodes.holds };
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

/** Whether the project depends on Hopwise, so that `npm ci` installs it. */
const isInstalled = async (): Promise<boolean> => {
  const text = await readFile("package.json", "utf8").catch(() => "{}");
  try {
    const { dependencies, devDependencies } = JSON.parse(text) as Record<string, Record<string, string> | undefined>;
    return existsSync("package-lock.json") && "hopwise" in { ...dependencies, ...devDependencies };
  } catch {
    return false;
  }
};

const schemaIn = "dist/harness/catalog/scenario.schema.json";

const scenario = (version: string): string => {
  const local = join("node_modules", "hopwise", schemaIn);
  return `# yaml-language-server: $schema=${existsSync(local) ? `../node_modules/hopwise/${schemaIn}` : `https://unpkg.com/hopwise@${version}/${schemaIn}`}
#
# A scenario is one file; the file name is its id. Run it with:  npx hopwise run ${folder}
title: Events survive our edge

# From origin to client: the application, then the hops (npx hopwise list shows all of them).
chain:
  - app: sse # Server-Sent Events; or ndjson, csv, json-array, text, binary
  - http-proxy # put your own hop here: nginx:unbuffered, or any command that listens on PORT: "command:node my-proxy.js"

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

const workflow = (command: string, hopwise: string, installed: boolean): string => `name: Hopwise

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
${installed ? "      - run: npm ci\n" : ""}      # ${command.startsWith("check") ? "The configuration runs in a container." : "Without --runtime process, servers such as nginx run in containers."}
      - run: >-
          ${hopwise} ${command}
          --reporter pretty --reporter github
          --reporter junit=out/hopwise.xml --reporter json=out/hopwise.json
      - uses: actions/upload-artifact@330a01c490aca151604b8cf639adc76d48f6c5d4 # v5.0.0
        if: always()
        with:
          name: hopwise
          path: out/
`;

/** What was found, with what each route is for. */
const shownRoutes = ({ given, routes }: FoundConfiguration): string[] => [
  `${given}:`,
  ...routes.map(({ host, path, purpose }) => `  ${host}${path}  ${purpose === null ? "unknown purpose" : `for ${purpose}`}`),
  "",
];

const nextSteps = (installed: boolean, version: string, found: FoundConfiguration | undefined): string[] => {
  const root = repositoryAbove();
  return [
    "",
    "Next:",
    ...(installed ? [] : [`  npm install --save-dev hopwise@${version}`]),
    ...(found
      ? [`  npx hopwise check ${found.given}`]
      : [
          `  npx hopwise run ${folder} --runtime process`,
          `  npx hopwise list servers        what you can use instead of http-proxy in ${scenarioFile}`,
        ]),
    ...(root === null
      ? []
      : ["", `GitHub reads workflows only at the repository's root: move ${workflowFile} to ${root}, and add a working-directory.`]),
  ];
};

/** The repository's root, if it is not this folder. */
const repositoryAbove = (): string | null => {
  for (let at = resolve("."); ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at === resolve(".") ? null : at;
    if (dirname(at) === at) return null;
  }
};
