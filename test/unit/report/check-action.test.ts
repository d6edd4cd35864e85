// The composite action: its inputs reach the shell as variables and in no other way, and it leaves with the check's own exit code.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { packageRoot } from "../../../harness/catalog/package-root.ts";

interface Step {
  id?: string;
  if?: string;
  shell?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

interface Action {
  inputs: Record<string, { description: string; required?: boolean; default?: string }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
}

const source = readFileSync(join(packageRoot, "action.yml"), "utf8");
const action = parse(source) as Action;
const { steps } = action.runs;
const script = steps.find(({ id }) => id === "check") as Step;

test("every input is used, every input that is used exists, each has a description and those that may be left out a default", () => {
  const used = new Set(Array.from(source.matchAll(/inputs\.([\w-]+)/g), (match) => match[1] ?? ""));
  expect([...used].toSorted()).toEqual(Object.keys(action.inputs).toSorted());
  for (const { description, required, default: without } of Object.values(action.inputs)) {
    expect(description).not.toBe("");
    expect(typeof without).toBe(required ? "undefined" : "string");
  }
});

test("no script has an expression in it: what is written into a script is run by it", () => {
  for (const { run } of steps) expect(run ?? "").not.toContain("${{");
  for (const value of Object.values(script.env ?? {})) expect(value).toMatch(/^\$\{\{ inputs\.[\w-]+ \}\}$/);
});

test("every variable of the script is set, and its steps name a shell or an action by its commit", () => {
  const read = new Set(Array.from(script.run?.matchAll(/INPUT_\w+/g) ?? [], ([name]) => name));
  expect([...read].toSorted()).toEqual(Object.keys(script.env ?? {}).toSorted());
  for (const { run, shell, uses } of steps) {
    if (run !== undefined) expect(shell).toBe("bash");
    else expect(uses).toMatch(/@[\da-f]{40}$/);
  }
  expect(action.runs.using).toBe("composite");
});

test("Node is new enough, and the upload waits for no success", () => {
  expect(steps[0]?.with?.["node-version"]).toBe(24);
  expect(steps.at(-1)?.if).toMatch(/^always\(\) && inputs\.upload-sarif == 'true' && /);
});

const folder = mkdtempSync(join(tmpdir(), "hopwise-action-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Replaces npx, since this version is not published: prints its arguments.
const npx = join(folder, "npx");
writeFileSync(
  npx,
  `#!${process.execPath}\nrequire("fs").writeFileSync(process.env.SAID, JSON.stringify(process.argv.slice(2)));\nprocess.exit(Number(process.env.LEAVE));\n`,
);
chmodSync(npx, 0o755);

const runIt = (inputs: Record<string, string>, leave = 0) => {
  const said = join(folder, "said.json");
  const output = join(folder, "output");
  writeFileSync(output, "");
  const env = Object.fromEntries(
    Object.entries(script.env ?? {}).map(([variable, expression]) => {
      const name = /inputs\.([\w-]+)/.exec(expression)?.[1] ?? "";
      return [variable, inputs[name] ?? action.inputs[name]?.default ?? ""];
    }),
  );
  const { status, stderr } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script.run ?? ""], {
    cwd: folder,
    encoding: "utf8",
    env: {
      ...env,
      PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}`,
      SAID: said,
      LEAVE: String(leave),
      RUNNER_TEMP: folder,
      GITHUB_STEP_SUMMARY: join(folder, "summary"),
      GITHUB_OUTPUT: output,
    },
  });
  expect(stderr).toBe("");
  return { status, output: readFileSync(output, "utf8"), args: JSON.parse(readFileSync(said, "utf8")) as string[] };
};

const reporters = [
  "--reporter",
  "pretty",
  "--reporter",
  "github",
  "--reporter",
  `sarif=${folder}/hopwise.sarif`,
  "--reporter",
  `markdown=${folder}/hopwise.md`,
];

test("it calls hopwise check with what was given, and nothing that was not", () => {
  expect(runIt({ config: "deploy/nginx.conf" }).args).toEqual([
    "--yes",
    "hopwise@latest",
    "check",
    ...reporters,
    "--",
    "deploy/nginx.conf",
  ]);
  expect(
    runIt({
      config: "a b.conf",
      for: "llm",
      path: "/events",
      host: "app.example",
      image: "nginx:1.29",
      version: "1.2.3",
      args: "--env\nBACKEND=web:8000 x\n",
    }).args,
  ).toEqual([
    "--yes",
    "hopwise@1.2.3",
    "check",
    ...reporters,
    "--for",
    "llm",
    "--path",
    "/events",
    "--host",
    "app.example",
    "--image",
    "nginx:1.29",
    "--env",
    "BACKEND=web:8000 x",
    "--",
    "a b.conf",
  ]);
});

test.for([0, 1, 2, 3, 130])("it leaves with the exit code of the check: %i", (code) => {
  const { status, output } = runIt({ config: "x" }, code);
  expect(status).toBe(code);
  expect(output).toBe(`exit-code=${code}\n`);
});

test("it prints where the SARIF report is, if there is one", () => {
  const sarif = join(folder, "out\nput.sarif");
  writeFileSync(sarif, "{}");
  expect(runIt({ config: "x", sarif }).output).toBe(`sarif=${join(folder, "output.sarif")}\nexit-code=0\n`);
  expect(runIt({ config: "x", sarif: join(folder, "none.sarif") }).output).toBe("exit-code=0\n");
});

test("no input is run, whatever it holds", () => {
  const marker = join(folder, "owned");
  const piece = fc.constantFrom(
    `$(touch ${marker})`,
    `\`touch ${marker}\``,
    `; touch ${marker};`,
    `" && touch ${marker} #`,
    "'",
    '"',
    "\\",
    "$INPUT_CONFIG",
    "*",
    "--write",
    " ",
    "!",
    "${IFS}",
    "a",
  );
  const word = fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(word, word, (first, second) => {
      const { args } = runIt({ config: first, path: second, args: first, version: second });
      expect(args).toEqual(["--yes", `hopwise@${second}`, "check", ...reporters, "--path", second, first, "--", first]);
      expect(existsSync(marker)).toBe(false);
    }),
    { numRuns: 25 },
  );
});
