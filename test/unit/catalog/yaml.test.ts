// What an author of YAML can get wrong: file, line, what is there, what may be there.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openCatalog, scenarioFromFile } from "../../../harness/catalog/catalog.ts";
import { Shelf } from "../../../harness/catalog/shelf.ts";
import { planChain } from "../../../harness/session/chain.ts";
import type { Scenario } from "../../../harness/define.ts";
import { AuthorError } from "../../../harness/errors.ts";
import { checkScenario } from "../../../harness/catalog/schema.ts";

const good = `title: Events survive
chain:
  - app: sse
  - nginx:unbuffered
trial:
  kind: lock-step
must:
  deliver: incrementally
`;

const refusals: [what: string, source: string, sentence: RegExp][] = [
  ["a wrong word", good.replace("incrementally", "incrementaly"), /:8: must\.deliver is "incrementaly"; did you mean "incrementally"\?/],
  ["a wrong field", good.replace("deliver", "delivery"), /:8: must has the unknown property "delivery"; did you mean "deliver"\?/],
  ["a wrong field at the top", `${good}trail: {}\n`, /:9: the scenario has the unknown property "trail".*did you mean "trial"\?/],
  ["a wrong trial", good.replace("lock-step", "lockstep"), /:6: trial\.kind is "lockstep"; did you mean "lock-step"\?/],
  [
    "a wrong field of a hop",
    good.replace("nginx:unbuffered", "{ servr: nginx }"),
    /:4: chain\.1 has the unknown property "servr".*did you mean "server"\?/,
  ],
  ["a field that is missing", good.replace("trial:\n  kind: lock-step\n", ""), /:1: the scenario lacks "trial"/],
  [
    "neither must nor does",
    good.replace(/must:\n.*\n/, ""),
    /: a scenario needs either `must` \(requirements\) or `does` \(known behavior\)/,
  ],
  [
    "a must that names nothing",
    good.replace("must:\n  deliver: incrementally", "must: {}"),
    /:7: must is empty, so nothing would be checked.*at least one of deliver, headers/,
  ],
  [
    "a does that names nothing",
    good.replace("must:\n  deliver: incrementally", "does: {}"),
    /:7: does is empty, so nothing would be checked.*at least one of deliver/,
  ],
  [
    "a list among middlewares",
    good.replace("nginx:unbuffered", "{ server: http-pipe, middlewares: [[gzip]] }"),
    /:4: chain\.1\.middlewares\.0 is \["gzip"\], but must be string$/,
  ],
  ["a hop that is a number", good.replace("nginx:unbuffered", "5"), /:4: chain\.1 is 5, but must be string or object$/],
  ["an empty sweep", `${good}request: { acceptEncoding: [] }\n`, /:9: request\.acceptEncoding is \[\], but needs at least 1$/],
  ["an empty sweep of words", `${good}request: { version: [] }\n`, /:9: request\.version is \[\], but needs at least 1$/],
  ["a wrong word in a sweep", `${good}response: { format: [sse, cvs] }\n`, /:9: response\.format\.1 is "cvs"; did you mean "csv"\?/],
  ["a wrong value in a sweep", `${good}request: { acceptEncoding: [5] }\n`, /:9: request\.acceptEncoding\.0 is 5, but must be string/],
  ["no link", good.replace(/must:\n.*/, "does:\n  deliver: buffered"), /:7: a characterization needs a link in `because`/],
  ["a number in place of a word", `${good}request: { version: 1.1 }\n`, /:9: request\.version is the number 1\.1; did you mean "1\.1"\?/],
  ["a server that is none", good.replace("nginx:unbuffered", "ngnix"), /:4\) names server "ngnix".*did you mean "nginx"\?/],
  ["a variant that is none", good.replace("unbuffered", "unbufferd"), /:4\): server "nginx" has no variant.*did you mean "unbuffered"\?/],
  ["an origin that is none", good.replace("app: sse", "app: ssee"), /:3\) names origin "ssee".*did you mean "sse"\?/],
  ["what is no YAML", "title: x\nchain: [\n", /:3: Flow sequence/],
  ["a field twice", `${good}title: again\n`, /:9: Map keys must be unique/],
  ["two documents", `${good}---\ntitle: another\n`, /:9: a second document begins here/],
  ["a tag", good.replace("Events", "!!js/function Events"), /:1: Unresolved tag/],
  ["an alias of nothing", good.replace("sse", "*app"), /:3: \*app stands for nothing/],
  ["a list", "- title\n", /:1: the scenario is \["title"\], but must be object/],
  ["nothing", "# only a comment\n", / is empty; a scenario is an object/],
  [
    "a bomb",
    `a: &a [${"x,".repeat(9)}x]\n${["b", "c", "d"].map((name, index) => `${name}: &${name} [${`*${"abc"[index]},`.repeat(20)}x]\n`).join("")}`,
    /Excessive alias count/,
  ],
];

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-yaml-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const use = async (name: string, source: string): Promise<void> => {
  const file = join(folder, name);
  await writeFile(file, source);
  await planChain(openCatalog(), "edge", await scenarioFromFile(file).load());
};

test("the scenario that is spoilt below is right", async () => {
  await expect(use("good.yaml", good)).resolves.toBeUndefined();
  await expect(use("windows.yaml", `\uFEFF${good.replaceAll("\n", "\r\n")}`)).resolves.toBeUndefined();
  await expect(use("anchors.yml", good.replace("sse", "&a sse").replace("Events survive", "Events survive"))).resolves.toBeUndefined();
});

test.for(refusals)("%s is reported with its place", async ([what, source, sentence]) => {
  const file = `${what.replaceAll(" ", "-")}.yaml`;
  const error = await use(file, source).then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(AuthorError);
  expect((error as Error).message).toMatch(sentence);
  expect((error as Error).message).toContain(file);
  expect((error as Error).message).not.toContain("\n");
});

test("a file that is not there, or is a folder", async () => {
  await mkdir(join(folder, "folder.yaml"));
  await expect(scenarioFromFile(join(folder, "folder.yaml")).load()).rejects.toThrow(/could not be read as a scenario: EISDIR/);
  await expect(scenarioFromFile(join(folder, "missing.yaml")).load()).rejects.toThrow(/could not be read as a scenario: ENOENT/);
});

test("two files of one name in one folder", async () => {
  await mkdir(join(folder, "twice"));
  await writeFile(join(folder, "twice", "edge.ts"), "");
  await writeFile(join(folder, "twice", "edge.yaml"), good);
  expect(() => new Shelf<Scenario>("scenario", [join(folder, "twice")], checkScenario)).toThrow(
    /edge\.ts and .*edge\.yaml both have the id "edge"/,
  );
});
