import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import { select } from "../../../harness/commands/select.ts";
import type { Selection } from "../../../harness/commands/select.ts";

let folder = "";

const idsOf = async (selection: Selection): Promise<string[]> => (await select(openCatalog(), selection)).map(({ id }) => id);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-select-"));
  const scenario = (title: string, more = {}): string =>
    `export default ${JSON.stringify({ title, chain: [{ app: "sse" }, "http-pipe"], trial: { kind: "bodyless" }, must: { end: "complete" }, ...more })};`;
  await mkdir(join(folder, "other"));
  await mkdir(join(folder, "empty"));
  await writeFile(join(folder, "edge.ts"), scenario("Events survive the edge"));
  await writeFile(join(folder, "inner.ts"), scenario("Events survive the inside", { showcase: true }));
  await writeFile(join(folder, "_helper.ts"), "export default 1;");
  await writeFile(join(folder, "notes.txt"), "");
  await writeFile(join(folder, "other", "edge.ts"), scenario("Another edge"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test("nothing named is the whole catalog, but real applications only if they are named or asked for", async () => {
  expect(await idsOf({ what: [], applications: true })).toEqual(openCatalog().scenarios.ids);
  const scripted = await idsOf({ what: [] });
  expect(scripted).toContain("nginx-http-1.1-streams-events");
  expect(scripted.filter((id) => id.startsWith("django-"))).toEqual([]);
  expect((await idsOf({ what: ["django-*"] })).length).toBeGreaterThan(10);
  await expect(idsOf({ what: [], grep: "^django" })).rejects.toThrow(/those with real applications need --applications$/);
});

test("ids, patterns of ids, files, folders and patterns of files", async () => {
  expect(await idsOf({ what: ["nginx-http-1.1-streams-events"] })).toEqual(["nginx-http-1.1-streams-events"]);
  expect(await idsOf({ what: ["nginx-gzip-*"] })).toEqual(openCatalog().scenarios.ids.filter((id) => id.startsWith("nginx-gzip-")));
  expect(await idsOf({ what: [join(folder, "edge.ts")] })).toEqual(["edge"]);
  expect(await idsOf({ what: [folder] })).toEqual(["edge", "inner"]);
  expect(await idsOf({ what: [join(folder, "*.ts")] })).toEqual(["edge", "inner"]);
  expect(await idsOf({ what: [folder, join(folder, "edge.ts")] })).toEqual(["edge", "inner"]);
});

test("--grep looks at ids and titles, whatever the case; --showcase at what says so", async () => {
  expect(await idsOf({ what: [folder], grep: "^EDGE$" })).toEqual(["edge"]);
  expect(await idsOf({ what: [folder], grep: "the inside" })).toEqual(["inner"]);
  expect(await idsOf({ what: [folder], showcase: true })).toEqual(["inner"]);
});

test.for<[string, () => Selection, RegExp]>([
  ["two files of one name", () => ({ what: [folder, join(folder, "other/edge.ts")] }), /both have the id "edge", .* rename one/],
  ["a folder without scenarios", () => ({ what: [join(folder, "empty")] }), /contains no scenario file/],
  ["a pattern without files", () => ({ what: [join(folder, "*.mjs")] }), /matches no file/],
  ["a grep without a match", () => ({ what: [folder], grep: "nowhere" }), /matches no id and no title. There are: edge, inner/],
  ["a showcase without one", () => ({ what: [join(folder, "edge.ts")], showcase: true }), /No selected scenario has showcase: true/],
])("%s is no empty pass", async ([, selection, sentence]) => {
  await expect(select(openCatalog(), selection())).rejects.toThrow(sentence);
});
