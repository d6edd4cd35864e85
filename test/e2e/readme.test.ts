// Every command of the README, as it stands there, in a clone: with an old Node first on the PATH where there is one.
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { lacks, needs, needsOldNode, oldNode } from "../_needs.ts";
import { startProgram } from "./_cli.ts";
import type { Ended } from "./_cli.ts";
import { hasEngine } from "./engine.ts";

/** How a line must end: its exit code is one of these, and this is what it prints. */
interface Expected {
  codes: number[];
  out: RegExp;
  /** Null where it takes no engine. */
  needsEngine: boolean;
}

const judged = /^\d+ passed, 0 failed, \d+ skipped/m;
/** 3: nginx is not there, or the machine was too busy to tell. */
const catalog: Omit<Expected, "needsEngine"> = { codes: [0, 3], out: judged };
const gzipIsFound = /nginx\.conf:12: gzip_types text\/event-stream buffers the stream/;

/** Without what is left out at the end of a line as its comment. */
const lines: Record<string, Expected | "in .ci/run"> = {
  "npm ci && npm start": "in .ci/run",
  "npm cit": "in .ci/run",
  "npx hopwise run": { ...catalog, needsEngine: false },
  "npx hopwise run --grep nginx --runtime container": { ...catalog, needsEngine: true },
  "npx hopwise list": { codes: [0], out: /^Scenarios \(\d+\)$/m, needsEngine: false },
  "npx hopwise doctor": { codes: [0], out: /^✓ Node v2[4-9]\./m, needsEngine: false },
  "npx hopwise check deploy/nginx.conf": { codes: [1], out: gzipIsFound, needsEngine: true },
  "npx hopwise check docker-compose.yml --path /events --for sse": { codes: [1], out: gzipIsFound, needsEngine: true },
  'npx hopwise run --hop "node my-proxy.js"': { codes: [0, 3], out: judged, needsEngine: false },
};

const readme = await readFile(join(packageRoot, "README.md"), "utf8");

/** Indented, or in a fence for a shell. */
const commandsOf = (markdown: string): string[] => {
  const indented = markdown.replaceAll(/^```[^]*?^```$/gm, "").matchAll(/^ {4}(\S.*)$/gm);
  const fenced = Array.from(markdown.matchAll(/^```(?:sh|bash|shell|console)\n([^]*?)^```$/gm), ([, text = ""]) => text.split("\n")).flat();
  return [...Array.from(indented, ([, line = ""]) => line), ...fenced].filter((line) => /^(npx|npm|node) /.test(line));
};

const withoutComment = (line: string): string => line.replace(/\s+#.*$/, "");

/** Every scenario: minutes, and on a slow machine several times as many. */
const wholeCatalogMs = 900_000;

it("has the commands that are run here, and no other", () => {
  expect(commandsOf(readme).map(withoutComment)).toEqual(Object.keys(lines));
});

it("has its two first commands run by .ci/run", async () => {
  const script = (await readFile(join(packageRoot, ".ci/run"), "utf8")).split("\n").map((line) => line.trim().replace(/ \|\| exit 1$/, ""));
  expect(script).toEqual(expect.arrayContaining(Object.keys(lines).filter((line) => lines[line] === "in .ci/run")));
});

describe(oldNode ? `with Node ${oldNode.version} first on the PATH` : "with the Node of this machine", () => {
  /** In the clone, so that npm finds what it belongs to, and not in its root, where the names of these files may be taken. */
  let folder = "";
  beforeAll(async () => {
    await mkdir(join(packageRoot, "out"), { recursive: true });
    folder = await mkdtemp(join(packageRoot, "out/readme-"));
    await cp(join(import.meta.dirname, "readme"), folder, { recursive: true });
    await cp(join(import.meta.dirname, "strangers/straight-http.mjs"), join(folder, "my-proxy.js"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** As a user's shell has it: without what npm adds to the PATH and to the environment of what it runs. */
  const environment = (): NodeJS.ProcessEnv => {
    const folders = (process.env["PATH"] ?? "").split(delimiter).filter((path) => !path.includes("node_modules"));
    const added = Object.keys(process.env).filter((name) => /^(npm_|VITEST|NODE_ENV$|NODE$|INIT_CWD$)/i.test(name));
    return {
      ...Object.fromEntries(added.map((name) => [name, undefined])),
      PATH: [...(oldNode ? [dirname(oldNode.file)] : []), ...folders].join(delimiter),
    };
  };

  const inShell = (line: string): Promise<Ended> => startProgram("/bin/sh", ["-c", line], { folder, environment: environment() }).ended;

  it("node is that one", needsOldNode, async () => {
    expect(await inShell("node --version")).toMatchObject({ out: `${oldNode?.version}\n` });
  });

  for (const line of commandsOf(readme)) {
    const expected = lines[withoutComment(line)];
    if (expected === undefined || expected === "in .ci/run") continue;
    it(line, { ...needs(hasEngine || !expected.needsEngine, lacks.engine), timeout: wholeCatalogMs }, async () => {
      const { code, out, err } = await inShell(line);
      expect(out, err).toMatch(expected.out);
      expect(expected.codes, err).toContain(code);
      expect(err).not.toMatch(/bug in Hopwise|\n\s+at /);
    });
  }
});
