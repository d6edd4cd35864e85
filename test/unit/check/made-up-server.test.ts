// A checkable server is one folder: `check` reads its configuration, and the search names the faulty line and a fix. The trials are
// scripted: a stand-in for the server reads the changed configuration, and holds records if a line says so.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checksOf } from "../../../harness/check/checks.ts";
import type { Check } from "../../../harness/check/checks.ts";
import type { Route } from "../../../harness/check/configuration.ts";
import { faultsOf, findingOf } from "../../../harness/check/findings.ts";
import { fixesOf } from "../../../harness/check/fix.ts";
import { noEffectFindings } from "../../../harness/check/no-effect.ts";
import type { ObservedCheck } from "../../../harness/check/observed.ts";
import { predict } from "../../../harness/check/predict.ts";
import { checkableServers } from "../../../harness/check/registry.ts";
import { investigate } from "../../../harness/check/search.ts";
import type { CheckedConfig } from "../../../harness/check/server.ts";
import { readSubject } from "../../../harness/check/subject.ts";
import type { Trying } from "../../../harness/check/tried.ts";
import type { Facet } from "../../../harness/model/verdict.ts";
import type { ScenarioReport } from "../../../harness/report/report.ts";

const servers = await checkableServers(join(import.meta.dirname, "fixtures/servers"));

let cwd = "";
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "hopwise-made-up-"));
  await writeFile(join(cwd, "edge.conf"), "listen 8080\nprompt\nhold 10\nforward /events app:9000\n");
  await writeFile(join(cwd, "site.conf"), "server { listen 80; location /events { proxy_pass http://app:9000; } }\n");
  await writeFile(join(cwd, "notes.txt"), "nothing\n");
  await writeFile(
    join(cwd, "compose.yml"),
    "services:\n  edge:\n    image: plain:1\n    volumes: [./edge.conf:/etc/plain/plain.conf:ro]\n  app:\n    image: app:1\n",
  );
});
afterAll(() => rm(cwd, { recursive: true }));

const read = (given: string) => readSubject(given, { cwd, env: {}, servers });

const checks = checksOf("ndjson").filter(({ id }) => id === "events");

/** What a trial shows of a server with this configuration. */
const resultOf = (config: CheckedConfig, route: Route, check: Check): ObservedCheck["result"] => {
  const holds = config.deployment.files.some(({ text }) => /^hold [1-9]/m.test(text ?? ""));
  const observation = holds
    ? { member: "buffered", released: "end", atLeastBytes: 1000, flooded: false }
    : { member: "incremental", medianLagMs: 0, worstLagMs: 1, unexplained: 0, by: "lock-step" };
  const facet = { facet: "delivery", case: "lock-step", observation, culprit: holds ? "plain" : null, evidence: "seen", hops: [] };
  const report = {
    outcome: holds ? "fail" : "pass",
    facets: [facet as unknown as Facet],
    inconclusive: [],
    limits: [],
    cases: [],
    why: "seen",
    id: `${route.id}/${check.id}`,
  };
  return { report: report as unknown as ScenarioReport, trace: null };
};

const tryingOf =
  (config: CheckedConfig): Trying =>
  async (experiments) =>
    experiments.map(({ edits, faults }) => ({
      ran: faults.map((fault) => ({ ...fault, result: resultOf(config.with({ edits }), fault.route, fault.check) })),
    }));

test("the folder is the registry, and each server recognizes its own files", async () => {
  expect(servers.map(({ id }) => id)).toEqual(["nginx", "plain"]);
  expect((await read("edge.conf")).server.id).toBe("plain");
  expect((await read("site.conf")).server.id).toBe("nginx");
  await expect(read("notes.txt")).rejects.toThrow("these can: nginx, plain");
});

test("a deployment is read with what the server says of its images", async () => {
  const { server, config, image, composed } = await read("compose.yml");
  expect([server.id, image, composed?.service]).toEqual(["plain", "plain:1", "edge"]);
  expect(config.routes.map(({ id, upstreams }) => [id, upstreams])).toEqual([["localhost/events", ["app:9000"]]]);
});

test("the search names the faulty line, the fix is proven, and a line without effect is found", async () => {
  const { config } = await read("edge.conf");
  const standing = { purpose: "sse", intent: "unknown", others: "unknown", required: new Set<never>() } as const;
  const observedOn = new Map(
    config.routes.map((route) => [route.id, checks.map((check) => ({ check, result: resultOf(config, route, check) }))]),
  );
  const faults = config.routes.flatMap((route) => faultsOf(route, observedOn.get(route.id) ?? [], ["plain"]));
  expect(faults.map(({ rule }) => rule)).toEqual(["buffered"]);
  const trying = tryingOf(config);
  const { blamed } = await investigate(config, faults, observedOn, trying);
  const fixes = await fixesOf(config, blamed, observedOn, trying);
  expect(blamed.map((one, index) => findingOf(one, fixes[index]?.fix ?? null, standing))).toMatchObject([
    {
      rule: "buffered",
      at: { file: "edge.conf", line: 3 },
      says: "hold 10 collects records before it passes them on",
      fix: { title: "hold 0: pass records on as they come", diff: expect.stringContaining("-hold 10\n+hold 0\n") },
    },
  ]);
  expect(await noEffectFindings(config, observedOn, trying)).toMatchObject([{ rule: "no-effect", at: { line: 2 } }]);
});

test("without an engine the line and a fix to try are predicted", async () => {
  const { config } = await read("edge.conf");
  expect(predict(config, checks)).toMatchObject([
    { level: "risk", at: { line: 3 }, directive: "hold 10", fix: { title: "hold 0: pass records on as they come" } },
    { level: "note", at: { line: 2 }, directive: "prompt" },
  ]);
});
