// Real applications first in a chain: one that streams, and each way in which one fails, of which one sentence tells and nothing is left.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../harness/catalog/catalog.ts";
import type { Scenario } from "../../harness/define.ts";
import type { ScenarioReport } from "../../harness/report/report.ts";
import { run } from "../../harness/session/run.ts";
import { openRuntime } from "../../harness/session/choose-runtime.ts";
import type { RuntimeChoice } from "../../harness/session/choose-runtime.ts";
import { foldersOf, onEngine, processesWith, whenEmpty } from "./runtime/_left.ts";
import { describeWithEngine, engine } from "./engine.ts";

const catalog = openCatalog({ origins: [join(import.meta.dirname, "applications/origins")] });

/** All in one run. */
const observed = async (
  runtimeChoice: RuntimeChoice,
  given: Record<string, Partial<Scenario>>,
): Promise<Record<string, ScenarioReport>> => {
  await using runtime = await openRuntime(runtimeChoice);
  const scenarios = Object.entries(given).map(([id, one]) => {
    const expected = "does" in one ? {} : { must: { deliver: "incrementally" } };
    const scenario = { title: id, trial: { kind: "lock-step" }, ...expected, ...one } as Scenario;
    return { id, file: "", load: () => Promise.resolve(scenario) };
  });
  const report = await run({ catalog, scenarios, runtime, version: "0" });
  return Object.fromEntries(report.scenarios.map((one) => [one.id, one]));
};

const notStarted = /^Hop "bad" \(bad\) ended by itself with exit code 1\. Last lines: .*there is no database/;

const failures: Record<string, { scenario: Partial<Scenario>; why: RegExp }> = {
  "does not start": { scenario: { chain: [{ app: "bad:not-starting" }] }, why: notStarted },
  "is not ready": {
    scenario: { chain: [{ app: "bad:not-ready" }] },
    why: /^Hop "bad" \(bad\) is not ready: it answers 500 to GET \/ready\. Last lines: the fault is not-ready$/,
  },
  "has no such path": {
    scenario: { chain: [{ app: "bad" }], request: { path: "/strem" } },
    why: /^The application "bad" answered 404 to GET \/strem and asked the lab for none of its records .* Last lines: the fault is none$/,
  },
  "answers 500": {
    scenario: { chain: [{ app: "bad:answering-500" }] },
    why: /^The application "bad" answered 500 to GET \/stream and asked the lab for none .* Last lines: the fault is answering-500$/,
  },
  "never asks for a record": {
    scenario: { chain: [{ app: "bad:never-asking" }, "http-pipe"] },
    why: /^The application "bad" answered 200 to GET \/stream and asked the lab for none .* Last lines: the fault is never-asking$/,
  },
  "stops asking": {
    scenario: { chain: [{ app: "bad:stopping-to-ask" }], trial: { kind: "lock-step", records: 4 } },
    why: /^The application "bad" took no further part in the trial: it asked for 2 of its \d+ records, and for no more\. Last lines: .*waiting for ever$/,
  },
};

const because = "https://www.rfc-editor.org/rfc/rfc9110";
const starving = (app: string, streams: number): Partial<Scenario> => ({ chain: [{ app }], trial: { kind: "starvation", streams } });
const reloading = (app: string): Partial<Scenario> => ({
  chain: [{ app }, "http-pipe"],
  trial: { kind: "reload", on: "bad", streamMs: 2000 },
});

describe("an application in a process", () => {
  let reports: Record<string, ScenarioReport> = {};
  beforeAll(async () => {
    const bad = Object.fromEntries(Object.entries(failures).map(([id, { scenario }]) => [id, scenario]));
    reports = await observed("process", {
      ...bad,
      crashes: { chain: [{ app: "bad:crashing" }, "http-pipe"] },
      streams: { chain: [{ app: "bad" }, "http-pipe"] },
      starves: { ...starving("bad:one-at-a-time", 1), does: { end: "hung", cause: "queued", culprit: "bad" }, because },
      serves: { ...starving("bad", 5), must: { end: "complete" } },
      cuts: { ...reloading("bad:cutting-on-reload"), does: { end: "truncated-visibly", cause: "reload", culprit: "bad" }, because },
      keeps: { ...reloading("bad:reloading"), must: { end: "complete" } },
    });
  });

  it.each(Object.entries(failures))("that %s is no finding: one sentence says so, with its last lines", (id, { why }) => {
    expect(reports[id]).toMatchObject({ outcome: "harness-fault", why: expect.stringMatching(why), facets: [] });
  });

  it("that ends in mid-stream is said to have ended, with its last lines", () => {
    expect(reports["crashes"]).toMatchObject({ outcome: "fail", headline: "crashed", culprit: "bad" });
    expect(reports["crashes"]?.why).toMatch(/Hop "bad" \(bad\) ended by itself with exit code 7\. Last lines: .*out of luck/);
  });

  it("streams in lock-step, and reports what became of its items", () => {
    expect(reports["streams"]).toMatchObject({ outcome: "pass", headline: "incremental" });
    expect(reports["streams"]?.cases[0]?.sent).toMatchObject({ items: 8, framing: "chunked", chunks: 8, noticed: [] });
  });

  it("that serves one stream at a time keeps the next request waiting, and one that serves all does not", () => {
    expect(reports["starves"]).toMatchObject({ outcome: "pass", headline: "hung", culprit: "bad" });
    expect(reports["starves"]?.why).toMatch(/^bad did not forward the request for at least [23]\d{3} ms, until the client gave up$/);
    expect(reports["serves"]).toMatchObject({ outcome: "pass", headline: "complete" });
  });

  it("that cuts its streams when it is reloaded is told from one that keeps them", () => {
    expect(reports["cuts"]).toMatchObject({ outcome: "pass", headline: "truncated-visibly", culprit: "bad" });
    expect(reports["cuts"]?.why).toMatch(/^bad cut the response \(.*\) after \d+(\.\d+)? ms, counted from its reload$/);
    expect(reports["keeps"]).toMatchObject({ outcome: "pass", headline: "complete" });
  });

  it("leaves no process and no folder", async () => {
    expect(await whenEmpty(() => processesWith("bad/app.mjs"), 2000)).toEqual([]);
    expect(await whenEmpty(() => foldersOf(process.pid), 2000)).toEqual([]);
  });
});

describeWithEngine("Django in a container", () => {
  const streams = "django-streams-events";
  const leaves = "django-behind-nginx-notices-a-departure-on-next-write";
  let reports: Record<string, ScenarioReport> = {};
  beforeAll(async () => {
    const [streaming, leaving] = await Promise.all([streams, leaves].map((id) => catalog.scenarios.find(id, "This test").load()));
    reports = await observed("container", {
      streaming: streaming ?? {},
      leaving: leaving ?? {},
      bad: { chain: [{ app: "bad:not-starting" }] },
      gone: { chain: [{ app: "django-cache:redis-gone" }], request: { path: "/by-item" } },
    });
  });

  it("streams in lock-step behind nginx", () => {
    expect(reports["streaming"]).toMatchObject({ outcome: "pass", headline: "incremental", culprit: null });
  });

  it("notices that its client has left when it writes next", () => {
    expect(reports["leaving"]).toMatchObject({ outcome: "pass", culprit: "django" });
    for (const { sent } of reports["leaving"]?.cases ?? []) expect(sent?.noticed).toMatchObject([{ what: "GeneratorExit" }]);
  });

  it("whose Redis is gone answers 500, with the reason in its last lines", () => {
    expect(reports["gone"]).toMatchObject({
      outcome: "harness-fault",
      why: expect.stringMatching(/^The application "django-cache" answered 500 to GET \/by-item .* Last lines: .*redis/),
    });
  });

  it("says why beside one that does not start, and leaves nothing on the engine", async () => {
    expect(reports["bad"]).toMatchObject({ outcome: "harness-fault", why: expect.stringMatching(notStarted) });
    expect(await whenEmpty(() => onEngine(engine(), process.pid), 5000)).toEqual([]);
  });
});
