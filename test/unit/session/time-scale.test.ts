// Which chains are measured with clocks that run faster, and how long a trial then waits.
import { describe, expect, it, test } from "vitest";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import { planChain } from "../../../harness/session/chain.ts";
import type { ChainPlan } from "../../../harness/session/chain.ts";
import type { HopPlan, Scenario, Trial } from "../../../harness/define.ts";
import { firstCases } from "../../../harness/model/first-cases.ts";
import { unclocked } from "../../../harness/runtime/time/unclocked.ts";
import { checkScenario } from "../../../harness/catalog/schema.ts";
import { atTimeScale } from "../../../harness/session/time-scale.ts";

const catalog = openCatalog();

const scenarioOf = (hops: HopPlan[], trial: Trial, timeScale?: number): Scenario => ({
  title: "x",
  chain: [{ app: "sse" }, ...hops],
  trial,
  must: { end: "complete" },
  ...(timeScale === undefined ? {} : { timeScale }),
});

const planned = async (hops: HopPlan[], trial: Trial, { asked, demanded }: { asked?: number; demanded?: number }): Promise<ChainPlan> => {
  const scenario = scenarioOf(hops, trial, demanded);
  return atTimeScale(await planChain(catalog, "x", scenario), "x", scenario, asked ?? 1);
};

const scaleOf = async (...of: Parameters<typeof planned>): Promise<number | undefined> => (await planned(...of)).timeScale;

describe("--time-scale", () => {
  it("runs all clocks of a chain faster", async () => {
    const chain = await planned(["nginx", "nginx:http-1.1"], { kind: "silence" }, { asked: 20 });
    expect(chain.timeScale).toBe(20);
    expect(chain.servers).toMatchObject([{ timeScale: 20 }, { timeScale: 20 }]);
  });

  it.each<[why: string, hops: HopPlan[], trial: Trial]>([
    ["a server of the chain keeps its own time", ["nginx", "http-proxy"], { kind: "silence" }],
    ["the trial does not wait for a limit", ["nginx"], { kind: "lock-step" }],
    ["the limit would be over in milliseconds", ["nginx:short-limits"], { kind: "silence" }],
    ["the wait would be over in milliseconds", ["nginx"], { kind: "silence", silentMs: 3000 }],
  ])("leaves them alone where %s", async (_, hops, trial) => {
    const chain = await planned(hops, trial, { asked: 20 });
    expect(chain.timeScale).toBeUndefined();
    expect(chain.servers.every((plan) => !("timeScale" in plan))).toBe(true);
  });

  it("is outdone by what a scenario says itself", async () => {
    expect(await scaleOf(["nginx"], { kind: "silence" }, { asked: 20, demanded: 50 })).toBe(50);
    expect(await scaleOf(["nginx"], { kind: "silence" }, { asked: 20, demanded: 1 })).toBeUndefined();
    expect(await scaleOf(["nginx:short-limits"], { kind: "silence" }, { demanded: 5 })).toBe(5);
  });
});

test("a scenario cannot have the clock of one hop alone run faster", async () => {
  await expect(planned(["nginx", "http-pipe"], { kind: "silence" }, { demanded: 20 })).rejects.toThrow(
    /^Scenario "x" has timeScale: 20, but the clock of hop "http-pipe" cannot run faster, so its timeouts would be missed: /,
  );
});

test("a scenario's timeScale is for trials that wait for a limit", () => {
  const check = (trial: Trial, timeScale: unknown) => () => checkScenario({ ...scenarioOf(["nginx"], trial), timeScale }, "edge.ts");
  expect(check({ kind: "silence" }, 20)).not.toThrow();
  expect(check({ kind: "lock-step" }, 20)).toThrow(/^edge\.ts: timeScale applies to trials that wait for a timeout .* not to lock-step$/);
  expect(check({ kind: "silence" }, 101)).toThrow(/^edge\.ts: timeScale is 101, but must be <= 100$/);
  expect(check({ kind: "silence" }, 1.5)).toThrow(/timeScale is 1\.5, but must be integer/);
});

describe("a trial's waits are the server's", () => {
  const wait = (
    trial: Trial,
    more: { limitMs?: number; surviveMs?: number; timeScale?: number },
  ): { ms: number | undefined; title: string } => {
    const [trialCase] = firstCases(trial, { request: {}, response: {}, epsilonMs: 5, limitMs: null, ...more });
    const pause = trialCase?.script.steps.find((step) => step.do === "pause");
    return { ms: pause?.do === "pause" ? pause.ms : undefined, title: trialCase?.title ?? "" };
  };

  it.each<[what: string, trial: Trial, more: Parameters<typeof wait>[1], ms: number]>([
    ["as it says", { kind: "silence", silentMs: 90_000 }, { timeScale: 20 }, 4500],
    ["for as long as must be survived", { kind: "silence" }, { timeScale: 20, surviveMs: 120_000 }, 6000],
    ["beyond a limit that is known", { kind: "first-byte-wait" }, { timeScale: 20, limitMs: 60_000 }, 7500],
    ["beyond a minute where none is", { kind: "first-byte-wait" }, { timeScale: 20 }, 3750],
    ["for as long as people wait where that is more", { kind: "silence" }, { timeScale: 50 }, 3000],
    ["and without a scale as ever", { kind: "silence" }, {}, 3000],
  ])("%s", (_, trial, more, ms) => {
    expect(wait(trial, more).ms).toBe(ms);
  });

  it("and it says so", () => {
    expect(wait({ kind: "silence", silentMs: 90_000 }, { timeScale: 20 }).title).toBe(
      "one record, then silence for 90000 ms by clocks that run 20× faster",
    );
    expect(wait({ kind: "silence", silentMs: 90_000 }, {}).title).toBe("one record, then silence for 90000 ms");
  });
});

test("what cannot be is said with its fix", async () => {
  const { servers } = await planned(["nginx"], { kind: "silence" }, { asked: 20 });
  const [plan] = servers;
  if (plan?.kind !== "binary") expect.fail("nginx is no longer a server with a binary");
  expect(unclocked(plan, "container")).toBeNull();
  expect(unclocked(plan, "process")).toMatch(
    /^Hop "nginx" \(nginx\) cannot run with a clock 20× faster as a process: .*--runtime container/,
  );
  const { clock: _, ...clockless } = plan.definition;
  expect(unclocked({ ...plan, definition: clockless }, "container")).toMatch(/: Hopwise does not know how/);
  const { timeScale: __, ...unscaled } = plan;
  expect(unclocked(unscaled, "process")).toBeNull();
});
