// bin/hopwise.cjs: what runs in which Node, and that whatever comes to the launcher comes to what it started.
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { descendants } from "../../harness/runtime/child.ts";
import { findBinary } from "../../harness/runtime/places.ts";
import { sweepFolders } from "../../harness/runtime/run-folder.ts";
import { lacks, needs, needsOldNode, oldNode } from "../_needs.ts";
import { launcher, startProgram } from "./_cli.ts";
import type { Ended, Running } from "./_cli.ts";
import { watchTree } from "./_tree.ts";
import { foldersOf, whenEmpty } from "./runtime/_left.ts";

const oldFile = oldNode?.file ?? "";
const neededNode = /^v(2[4-9]|[3-9]\d)\./;

describe("what is run", () => {
  let folder = "";
  const tellsWhoItIs = "console.log(JSON.stringify({ file: import.meta.filename, node: process.version, args: process.argv.slice(2) }));";

  /** A folder with the launcher and such command lines; their only package is `node`, if they have any. */
  const put = async (name: string, clis: string[], packages: string[] | null = ["node"]): Promise<void> => {
    await cp(join(packageRoot, "bin"), join(folder, name, "bin"), { recursive: true });
    await writeFile(join(folder, name, "package.json"), `{ "type": "module" }`);
    for (const cli of clis) {
      const commands = join(folder, name, cli, "../commands");
      await mkdir(commands, { recursive: true });
      await cp(join(packageRoot, "harness/commands/node-version.json"), join(commands, "node-version.json"));
      await writeFile(join(folder, name, cli), tellsWhoItIs);
    }
    if (packages === null) return;
    await mkdir(join(folder, name, "node_modules"));
    for (const one of packages) await symlink(join(packageRoot, "node_modules", one), join(folder, name, "node_modules", one));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hopwise-launcher-"));
    await put("clone", ["harness/cli.ts"]);
    await put("built clone", ["harness/cli.ts", "dist/harness/cli.js"]);
    await put("package", ["dist/harness/cli.js"]);
    await put("fresh clone", ["harness/cli.ts"], null);
    await put("clone without Node 24", ["harness/cli.ts"], []);
    await put("package without Node 24", ["dist/harness/cli.js"], []);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const launch = (node: string, name: string): Promise<Ended> =>
    startProgram(node, [join(folder, name, "bin/hopwise.cjs"), "list", "--some option"]).ended;

  describe.for([
    ["this Node", {}, process.execPath],
    ["an old Node", needsOldNode, oldFile],
  ] as const)("in %s", ([, options, node]) => {
    it.for([
      ["clone", "harness/cli.ts"],
      ["built clone", "harness/cli.ts"],
      ["package", "dist/harness/cli.js"],
    ] as const)("%s: %s", options, async ([name, cli], { expect: expects }) => {
      const { code, out, err } = await launch(node, name);
      expects({ code, err }).toEqual({ code: 0, err: "" });
      expects(JSON.parse(out)).toEqual({
        file: join(folder, name, cli),
        node: expect.stringMatching(neededNode),
        args: ["list", "--some option"],
      });
    });

    it("nothing where nothing was installed yet", options, async () => {
      const err = `hopwise: nothing is installed yet: run "npm ci" in ${join(folder, "fresh clone")}\n`;
      expect(await launch(node, "fresh clone")).toEqual({ code: 3, out: "", err });
    });
  });

  it.for(["clone without Node 24", "package without Node 24"])(
    "nothing in an old Node and a %s",
    needsOldNode,
    async (name, { expect: expects }) => {
      const sentence =
        /^hopwise: Node 2\d\.\S+ is too old: .*; use Node 24 or newer, or let npm install one: "npm ci", install scripts included, in a clone of Hopwise, .*\n$/;
      expects(await launch(oldFile, name)).toEqual({ code: 3, out: "", err: expect.stringMatching(sentence) });
    },
  );
});

/** The second trial goes on for half a minute. */
const run = ["run", "straight-pipe-passes-headers", join(import.meta.dirname, "interrupt/half-a-minute.yaml"), "--runtime", "process"];

const inMidTrial = ({ child, ended }: Running): Promise<unknown> => {
  const reported = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (piece: Buffer) => {
      // Without a terminal a scenario is named when it is over, in one it is said that they run.
      if (/PASS .*straight-pipe-passes-headers|streaming through 2 chains/.test(String(piece))) reported.resolve();
    });
  return Promise.race([reported.promise, ended]);
};

/** Starts a run, and does something to it in mid-trial. `pids` are the launcher's and those of all below it. */
const whenSomethingHappens = async (
  { command = oldFile, args = [launcher, ...run], input = "ignore" as "ignore" | "pipe" },
  happens: (pids: readonly number[], running: Running) => void,
): Promise<{ code: number | null; signal: string | null; text: string; left: unknown[] }> => {
  const running = startProgram(command, args, { detached: true, input, environment: { TERM: "xterm" } });
  using tree = watchTree(running.pid);
  await inMidTrial(running);
  await tree.look();
  const pids = await descendants(running.pid);
  happens(pids, running);
  const { code, out, err } = await running.ended;
  const left = await whenEmpty(async () => [...tree.alive().map(String), ...(await Promise.all(pids.map(foldersOf))).flat()], 4000);
  return { code, signal: running.child.signalCode, text: out + err, left };
};

const stops = (text: string): number => text.split("stopping everything it started").length - 1;

describe.concurrent("a run that an old Node launched", needsOldNode, () => {
  it.for([
    ["SIGINT", "the launcher"],
    ["SIGTERM", "the launcher"],
    ["SIGHUP", "the launcher"],
    ["SIGINT", "the group, as in a terminal"],
    ["SIGTERM", "the group, as from a supervisor"],
  ] as const)("is interrupted once by %s to %s, and cleans up", async ([signal, target]) => {
    const { code, text, left } = await whenSomethingHappens({}, ([pid = 0]) =>
      process.kill(target === "the launcher" ? pid : -pid, signal),
    );
    expect({ code, stops: stops(text), left }).toEqual({ code: 130, stops: 1, left: [] });
  });

  it("ends with the launcher that is killed, and cleans up", async () => {
    const { signal, text, left } = await whenSomethingHappens({}, ([pid = 0]) => process.kill(pid, "SIGKILL"));
    expect({ signal, stops: stops(text), left }).toEqual({ signal: "SIGKILL", stops: 1, left: [] });
  });

  it("that is killed itself ends the launcher by the same signal", async () => {
    const { code, signal } = await whenSomethingHappens({}, ([, pid = 0]) => process.kill(pid, "SIGKILL"));
    expect({ code, signal }).toEqual({ code: null, signal: "SIGKILL" });
    await sweepFolders();
  });
});

const needsTerminal = needs((await findBinary("script")) !== null && process.platform === "linux", lacks.script);

describe.concurrent("in a terminal", needsTerminal, () => {
  const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(" ");
  const inTerminal = (...words: string[]) => ({
    command: "script",
    args: ["--quiet", "--return", "--flush", "--command", `exec ${quoted(words)}`, "/dev/null"],
    input: "pipe" as const,
  });

  it("Ctrl-C interrupts a run that an old Node launched, once, and colors pass", needsOldNode, async () => {
    const { code, text, left } = await whenSomethingHappens(inTerminal(oldFile, launcher, ...run), (_, { child }) =>
      child.stdin?.write("\x03"),
    );
    expect({ code, stops: stops(text), left }).toEqual({ code: 130, stops: 1, left: [] });
    expect(text).toContain("\x1b[2mopening the runtime");
  });
});

it("exit code and outputs pass", needsOldNode, async () => {
  const launched = (...args: string[]): Promise<Ended> => startProgram(oldFile, [launcher, ...args]).ended;
  expect(await launched("rnu")).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringMatching(/^hopwise: unknown command 'rnu'.*; see npx hopwise --help\n$/),
  });
  expect(await launched("list", "origins")).toMatchObject({ code: 0, out: expect.stringMatching(/^Origins \(/), err: "" });
});
