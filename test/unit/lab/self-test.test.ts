import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { selfTest } from "../../../harness/lab/self-test.ts";
import { needsOldNode, oldNode } from "../../_needs.ts";

const run = promisify(execFile);
const harness = new URL("../../../harness/", import.meta.url);

/** Old versions run no TypeScript. */
const stripped = async (folder: string): Promise<string> => {
  for (const part of ["lab", "decode", "model"]) {
    await mkdir(join(folder, part));
    for (const file of await readdir(new URL(`${part}/`, harness))) {
      if (!file.endsWith(".ts")) continue;
      const code = stripTypeScriptTypes(await readFile(new URL(`${part}/${file}`, harness), "utf8"));
      await writeFile(join(folder, part, file.replace(/ts$/, "mjs")), code.replaceAll(/(from "[^"]+)\.ts"/g, '$1.mjs"'));
    }
  }
  return join(folder, "lab", "self-test.mjs");
};

test("the self-test passes on this Node, in less than a second on an idle machine", async () => {
  expect((await selfTest()).faults).toEqual([]);
});

test("the self-test fails on an old Node, which takes resets for clean ends", needsOldNode, async () => {
  const folder = await mkdtemp(join(tmpdir(), "hopwise-self-test-"));
  try {
    const program = `import { selfTest } from ${JSON.stringify(await stripped(folder))}; console.log(JSON.stringify(await selfTest()));`;
    await writeFile(join(folder, "run.mjs"), program);
    const { stdout } = await run(oldNode?.file ?? "", [join(folder, "run.mjs")]);
    const { node, faults } = JSON.parse(stdout) as { node: string; faults: string[] };
    expect(node).toMatch(/^v2[0-3]\./);
    expect(faults.join("\n")).toMatch(/Of 100 resets after data.*reported 100 as clean end instead of reset/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
