// A real application first in a chain: what is planned of it, what it cannot be told, how many requests it is asked at a time.
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import { planChain } from "../../../harness/session/chain.ts";
import type { ChainPlan } from "../../../harness/session/chain.ts";
import type { Scenario } from "../../../harness/define.ts";
import { placeAt, unaskedOf } from "../../../harness/session/fed.ts";
import type { CaseTrace } from "../../../harness/model/trace.ts";
import type { BinaryPlan } from "../../../harness/runtime/hop.ts";
import { recipeOf } from "../../../harness/runtime/images.ts";
import type { RunningServer } from "../../../harness/runtime/runtime.ts";

const catalog = openCatalog({ origins: [join(import.meta.dirname, "../../e2e/applications/origins")] });

type Chain = Scenario["chain"];

const plan = (chain: Chain, more: Partial<Scenario> = {}): Promise<ChainPlan> =>
  planChain(catalog, "x", {
    title: "x",
    chain,
    trial: { kind: "lock-step" },
    must: { deliver: "incrementally" },
    ...more,
  });

test("it is the first hop, and what it is given is link 0", async () => {
  const { nodes, links, servers, serverOfNode, linkOfTap, fed, words, limitMs } = await plan([
    { app: "django@4.2:gthread" },
    { server: "http-pipe", middlewares: ["gzip"] },
    "nginx",
  ]);
  expect(nodes).toEqual(["origin", "django", "http-pipe", "gzip", "nginx", "client"]);
  expect(links.map(({ from, to, level }) => `${from} ${level} ${to}`)).toEqual([
    "origin asked django",
    "django decoded http-pipe",
    "http-pipe probe gzip",
    "gzip decoded nginx",
    "nginx decoded client",
  ]);
  expect([0, 1, 2, 3].map(linkOfTap)).toEqual([0, 1, 3, 4]);
  expect(servers.map(({ hop }) => hop)).toEqual(["django", "http-pipe", "nginx"]);
  expect([...serverOfNode]).toEqual([
    ["django", 0],
    ["http-pipe", 1],
    ["gzip", 1],
    ["nginx", 2],
  ]);
  expect({ fed, words, limitMs }).toEqual({
    fed: { hop: "django", path: "/stream", concurrency: 16 },
    words: ["django@4.2:gthread", "http-pipe (gzip)", "nginx", "client"],
    limitMs: null,
  });
});

test("it may stand alone, with a limit of its variant's", async () => {
  expect(await plan([{ app: "django:sync-timeout" }])).toMatchObject({ nodes: ["origin", "django", "client"], limitMs: 5000 });
});

test("a trial that sets the head of the response asks for the path that takes it from the lab", async () => {
  const pathOf = async (trial: Scenario["trial"]): Promise<string | undefined> => (await plan([{ app: "django" }], { trial })).fed?.path;
  expect(await pathOf({ kind: "bodyless" })).toBe("/with-head");
  expect(await pathOf({ kind: "late-joiner", cacheControl: [null, "no-store"] })).toBe("/with-head");
  expect(await pathOf({ kind: "late-joiner", cacheControl: [null] })).toBe("/stream");
});

test("its image has its name and the packages of the release that has the version", async () => {
  const { servers } = await plan([{ app: "django@5.2" }]);
  const { definition, version } = servers[0] as BinaryPlan;
  expect(recipeOf(definition, version)).toMatchObject({
    name: "django",
    release: "forky",
    packages: expect.arrayContaining(["python3-django"]),
  });
});

test("its sources are its files, and the lab is where it is told", async () => {
  const { servers } = await plan([{ app: "django" }]);
  const { definition, settings } = servers[0] as BinaryPlan;
  const render = {
    upstream: new URL("http://web:81"),
    options: settings.options ?? {},
    listenPort: 82,
    listeners: [],
    certificate: "",
    folder: "/x",
    contained: true,
  };
  expect(Object.keys(definition.files(render)).toSorted()).toEqual(["app.py", "bulk.py", "lab.py"]);
  expect(definition.environment?.(render)).toMatchObject({ HOPWISE_LAB: "http://web:81/hopwise", PORT: "82" });
  expect(definition.args(render)).toContain("app:wsgi");
});

test.for<[what: string, chain: Chain, more: Partial<Scenario>, says: string]>([
  ["a variant that there is not", [{ app: "django:gthred" }], {}, 'application "django" has no variant "gthred"; did you mean "gthread"?'],
  ["a version that there is not", [{ app: "django@4.1" }], {}, 'application "django" has no version "4.1"; did you mean "4.2"?'],
  ["an application that there is not", [{ app: "djngo" }], {}, 'names origin "djngo", which does not exist; did you mean "django"?'],
  [
    "a variant of a scripted origin",
    [{ app: "sse:fast" }, "nginx"],
    {},
    'is "sse:fast", but "sse" is a scripted origin, which has neither versions nor variants',
  ],
  ["a scripted origin alone", [{ app: "sse" }], {}, "has no hop between the origin and the client"],
  [
    "a header section",
    [{ app: "django" }],
    { response: { headers: [["A", "b"]] } },
    'sets response.headers, which the application "django" decides for itself',
  ],
  ["a status", [{ app: "flask" }], { trial: { kind: "bodyless" } }, "has a bodyless trial, which sets the status or the header section"],
  ["no sources", [{ app: "sourceless" }], {}, "sourceless.ts is an application, and its sources in"],
])("%s is its author's mistake", async ([, chain, more, says]) => {
  await expect(plan(chain, more)).rejects.toMatchObject({ name: "AuthorError", message: expect.stringContaining(says) });
});

test("no more requests are made than it serves, in the order in which they came", async () => {
  const server = {} as RunningServer;
  const log: string[] = [];
  const run = async (name: string, wants: number, ms: number): Promise<void> => {
    using _ = await placeAt(server, 3, wants);
    log.push(`${name} in`);
    await delay(ms);
    log.push(`${name} out`);
  };
  await Promise.all([run("a", 2, 20), run("b", 2, 5), run("c", 1, 5), run("d", 9, 1)]);
  expect(log).toEqual(["a in", "a out", "b in", "c in", "b out", "c out", "d in", "d out"]);
});

test("one that answers without having asked is told so, with what it answered", () => {
  const fed = { hop: "shop", path: "/", concurrency: 1 };
  const given = { link: 1, request: { target: "/nope?a=b&hopwise=t1" }, response: { status: 404 } };
  const trialCase = (more: object): CaseTrace =>
    ({ case: { script: { status: 200 }, clients: [{ leave: null }] }, origin: [], exchanges: [given], ...more }) as unknown as CaseTrace;
  expect(unaskedOf(trialCase({}), fed)).toBe(
    'The application "shop" answered 404 to GET /nope?a=b and asked the lab for none of its records (GET $HOPWISE_LAB/next).',
  );
  expect(unaskedOf(trialCase({ exchanges: [{ ...given, response: null }] }), fed)).toMatch(
    /^The application "shop" did not answer GET \/nope\?a=b and/,
  );
  expect(unaskedOf(trialCase({ origin: [{ problem: null }] }), fed)).toBeNull();
  expect(unaskedOf(trialCase({ origin: [{ problem: "it asked for 2 of its 4 records, and for no more" }] }), fed)).toBe(
    'The application "shop" took no further part in the trial: it asked for 2 of its 4 records, and for no more.',
  );
  expect(unaskedOf(trialCase({ exchanges: [] }), fed)).toBeNull();
});
