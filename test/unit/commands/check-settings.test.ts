// What an author of hopwise.yaml can get wrong: the line, what is there, what may be there.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSettings } from "../../../harness/commands/check-settings.ts";
import type { CheckSettings } from "../../../harness/commands/check-settings.ts";
import { AuthorError } from "../../../harness/errors.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-wishes-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const read = async (source: string): Promise<CheckSettings> => {
  await writeFile(join(folder, "hopwise.yaml"), source);
  return readSettings(folder);
};

test("what is right is read", async () => {
  expect(await read("for: llm\nmust: { deliver: incrementally, surviveSilenceMs: 30000 }\n")).toEqual({
    for: "llm",
    must: { deliver: "incrementally", surviveSilenceMs: 30_000 },
  });
  expect(await read("# nothing yet\n")).toEqual({});
  await rm(join(folder, "hopwise.yaml"));
  expect(await readSettings(folder)).toEqual({});
});

test.for<[what: string, source: string, sentence: string]>([
  [
    "a field",
    "for: sse\nmusst: {}\n",
    ':2: the file has the unknown property "musst"; did you mean "must"? (valid are for, path, host, must, service, routes)',
  ],
  ["a field of must", "for: sse\nmust:\n  delivr: incrementally\n", ':3: must has the unknown property "delivr"; did you mean "deliver"?'],
  ["a key of must that no trial of a check decides", "must: { memory: bounded }\n", ':1: must has the unknown property "memory"'],
  ["a word of must", "must: { deliver: quickly }\n", ':1: must.deliver is "quickly"; valid are incrementally'],
  ["a purpose", "path: /events\nfor: ssse\n", ':2: for is "ssse"; did you mean "sse"?'],
  ["a number for a path", "path: 5\n", ":1: path is 5, but must be string"],
  ["a list", "- for\n", ':1: the file is ["for"], but must be object'],
  ["no YAML", "for: sse\nmust: {\n", ":3: Flow map"],
])("%s that is wrong is reported with its place", async ([, source, sentence]) => {
  const error = await read(source).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(AuthorError);
  expect((error as Error).message).toContain(`hopwise.yaml${sentence}`);
  expect((error as Error).message).not.toContain("\n");
});
