import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClosure } from "../../../harness/runtime/closure.ts";
import { createLines, lastWords } from "../../../harness/runtime/lines.ts";
import { fateOf, ownerFromText, ownerToText, thisOwner } from "../../../harness/runtime/owner.ts";
import { addressIn, upperHalf } from "../../../harness/runtime/run-network.ts";
import { tar } from "../../../harness/runtime/tar.ts";

let folder = "";
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "test-parts-"))));
afterAll(() => rm(folder, { recursive: true }));

describe("an owner", () => {
  const me = thisOwner();

  it.each([
    ["is alive with its process", {}, "alive"],
    ["is dead with another process under its id", { startedAt: "1" }, "dead"],
    ["is dead without its process", { pid: 2 ** 22 + 1 }, "dead"],
    ["is dead since the machine was started again", { boot: "another" }, "dead"],
    ["is elsewhere on another machine", { host: "another", pid: 2 ** 22 + 1 }, "elsewhere"],
    ["is elsewhere in another container", { space: "1", pid: 2 ** 22 + 1 }, "elsewhere"],
  ] as const)("%s", (_, change, fate) => {
    expect(fateOf({ ...me, ...change })).toBe(fate);
  });

  it.each([":", "-"])("survives being written on a label and in a name (%s)", (separator) => {
    expect(ownerFromText(ownerToText(me, separator), separator)).toEqual(me);
    const nowhere = { ...me, startedAt: "", boot: "", space: "" };
    expect(ownerFromText(ownerToText(nowhere, separator), separator)).toEqual(nowhere);
    expect(ownerFromText(["bench", "1", "2"].join(separator), separator)).toBeNull();
  });
});

it("the upper half of a network is the lab's", () => {
  expect(upperHalf("172.18.0.0/16")).toBe("172.18.128.0/17");
  expect(upperHalf("192.168.16.0/20")).toBe("192.168.24.0/21");
  expect(upperHalf("10.0.0.0/30")).toBeNull();
  expect(upperHalf("fd00::/64")).toBeNull();
  expect(addressIn("172.18.128.0/17", 300)).toBe("172.18.129.44");
});

describe("lines", () => {
  it("are whole, bounded, and decoded across pieces", () => {
    const heard: string[] = [];
    const lines = createLines((line) => heard.push(line));
    for (const byte of Buffer.from("grün\r\n\nzwei")) lines.add(Buffer.of(byte));
    expect(heard).toEqual(["grün"]);
    expect(lines.last(5)).toEqual(["grün", "zwei"]);
    for (let count = 0; count < 1000; count += 1) lines.add(Buffer.from(`\n${count}`));
    expect(lines.last(1e9).length).toBeLessThan(300);
  });

  it("leave out the frames of a stack when they are the last words", () => {
    const lines = createLines();
    expect(lastWords(lines)).toBe(" It printed nothing.");
    lines.add(Buffer.from("x.js:1\nthrow new Error('no')\n^\n\nError: no\n    at x.js:1:2\n\nNode.js v24.21.0\n"));
    expect(lastWords(lines)).toBe(" Last lines: x.js:1 | throw new Error('no') | Error: no");
  });
});

it("an archive is one to the system's tar, long names and links included", async () => {
  const long = `${"long-".repeat(30)}name/${"x".repeat(120)}.txt`;
  const archive = join(folder, "archive.tar");
  await writeFile(
    archive,
    tar([
      { name: "/own", kind: "folder", mode: 0o777 },
      { name: "/own/empty", kind: "file", body: "" },
      { name: `/${long}`, kind: "file", body: "grün" },
      { name: "/link", kind: "link", target: `/${long}` },
    ]),
  );
  await promisify(execFile)("tar", ["-x", "-f", archive, "-C", folder]);
  expect(await readFile(join(folder, long), "utf8")).toBe("grün");
  expect(await readFile(join(folder, "own/empty"), "utf8")).toBe("");
  expect(await readlink(join(folder, "link"))).toBe(`/${long}`);
});

describe("a closure", () => {
  const write = async (files: Record<string, string>): Promise<void> => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  };

  it("holds what is imported, in turn, with its packages and their links, and nothing else", async () => {
    await write({
      "package.json": "{}",
      "hops/hop.ts":
        'import type { A } from "./types.ts";\nimport helper from "./_helper.ts";\nimport "linked/sub.js";\nexport default helper as A;\n',
      "hops/_helper.ts": 'export { default } from "@scope/outer";\n',
      "hops/types.ts": "export type A = 1;\n",
      "hops/other.ts": "",
      "node_modules/@scope/outer/package.json": '{ "dependencies": { "inner": "1" }, "peerDependencies": { "missing": "1" } }',
      "node_modules/@scope/outer/index.js": "",
      "node_modules/@scope/outer/index.d.ts": "",
      "node_modules/@scope/outer/node_modules/inner/package.json": "{}",
      "node_modules/inner/package.json": "{}",
      "store/linked/package.json": "{}",
      "store/linked/sub.js": "",
    });
    await symlink(join(folder, "store/linked"), join(folder, "node_modules/linked"));
    const closure = createClosure("/root");
    const entries = await closure.collect([join(folder, "hops/hop.ts")]);
    const names = entries.map(({ name }) => name.replace(`/root${folder}/`, ""));
    expect(names.toSorted()).toEqual([
      "hops/_helper.ts",
      "hops/hop.ts",
      "node_modules/@scope/outer/index.js",
      "node_modules/@scope/outer/node_modules/inner/package.json",
      "node_modules/@scope/outer/package.json",
      "node_modules/linked",
      "package.json",
      "store/linked/package.json",
      "store/linked/sub.js",
    ]);
    expect(entries.find(({ name }) => name.endsWith("hop.ts"))).not.toMatchObject({ body: expect.stringContaining("as A") });
    expect(await closure.collect([join(folder, "hops/hop.ts")])).toEqual([]);
    expect(await closure.collect([join(folder, "hops/other.ts")])).toHaveLength(1);
  });
});
