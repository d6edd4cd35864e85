import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../harness/catalog/package-root.ts";
import { standardTrials, watchingTrials } from "../../../harness/commands/standard-trials.ts";
import type { Scenario } from "../../../harness/define.ts";
import { whereabouts } from "../../../harness/session/reproduce.ts";

const scenario: Scenario = { title: "t", chain: [{ app: "sse" }, "http-pipe"], trial: { kind: "bodyless" }, must: { end: "complete" } };
const inProcesses = { runtime: "process", image: null };
const rest = "--runtime process --save-traces traces";

test("one of the catalog by its id, one's own by its file", () => {
  const own = { id: "edge", file: "./deploy/edge.yaml" };
  expect(whereabouts({ id: "known", file: join(packageRoot, "scenarios", "known.ts") }, scenario, inProcesses)).toEqual({
    file: "scenarios/known.ts",
    reproduce: `npx hopwise run known ${rest}`,
  });
  expect(whereabouts(own, scenario, inProcesses)).toEqual({
    file: "deploy/edge.yaml",
    reproduce: `npx hopwise run ./deploy/edge.yaml ${rest}`,
  });
  expect(whereabouts({ id: "edge", file: resolve("deploy/edge.yaml") }, scenario, inProcesses).reproduce).toBe(
    `npx hopwise run deploy/edge.yaml ${rest}`,
  );
  expect(whereabouts(own, scenario, { runtime: "container", image: "nginx:1.30" }).reproduce).toBe(
    "npx hopwise run ./deploy/edge.yaml --image nginx:1.30 --runtime container --save-traces traces",
  );
});

test("what a shell would read is quoted", () => {
  expect(whereabouts({ id: "a", file: "it's $HOME.yaml" }, scenario, inProcesses).reproduce).toBe(
    String.raw`npx hopwise run 'it'\''s $HOME.yaml' ${rest}`,
  );
});

test("a trial of --hop by its command", async () => {
  const [entry] = standardTrials("node my-proxy.js --flag");
  if (!entry) throw new Error("There is no standard trial");
  expect(whereabouts(entry, await entry.load(), inProcesses)).toEqual({
    file: null,
    reproduce: `npx hopwise run --hop 'node my-proxy.js --flag' --grep '^lock-step$' ${rest}`,
  });
});

test("what is not below this folder has no file here, and what has none cannot be named", () => {
  expect(whereabouts({ id: "a", file: "/elsewhere/a.ts" }, scenario, inProcesses).file).toBeNull();
  expect(whereabouts({ id: "a", file: "node_modules/hopwise/dist/scenarios/a.js" }, scenario, inProcesses).file).toBeNull();
  expect(whereabouts({ id: "scenario", file: "" }, scenario, inProcesses)).toEqual({ file: null, reproduce: null });
});

test("a trial of --app by its address and its hops", async () => {
  const application = { url: "http://localhost:3000/events?user=1", watchMs: 10_000 };
  const lineOf = async (...hops: string[]): Promise<string | null> => {
    const [entry] = watchingTrials(hops);
    if (!entry) throw new Error("There is no trial");
    return whereabouts(entry, await entry.load(), { ...inProcesses, application }).reproduce;
  };
  const app = "--grep '^watch$' --app 'http://localhost:3000/events?user=1' --watch-seconds 10";
  expect(await lineOf("command:node my-proxy.js")).toBe(`npx hopwise run --hop 'node my-proxy.js' ${app} ${rest}`);
  expect(await lineOf("nginx:gzip", "http-proxy")).toBe(`npx hopwise run --through nginx:gzip --through http-proxy ${app} ${rest}`);
  expect(whereabouts({ id: "edge", file: "edge.yaml" }, scenario, { ...inProcesses, application }).reproduce).toBe(
    `npx hopwise run edge.yaml --app 'http://localhost:3000/events?user=1' --watch-seconds 10 ${rest}`,
  );
});
