import { expect, test } from "vitest";
import type { Scenario } from "../../../../harness/define.ts";
import { plannedEpsilonMs } from "../../../../harness/session/session.ts";
import { facetsAskedFor, isLeftOpenByMachine } from "../../../../harness/model/outcome.ts";

const about = { title: "", chain: [{ app: "sse" }], trial: { kind: "lock-step" } } as const;
const required: Scenario = { ...about, chain: [...about.chain], must: { deliver: "incrementally", noticeDisconnectWithinMs: 10 } };
const known: Scenario = {
  ...about,
  chain: [...about.chain],
  does: { headers: "held", culprit: "nginx" },
  because: "https://example.invalid",
};

test("the facets that a scenario names", () => {
  expect([...facetsAskedFor(required)]).toEqual(["delivery", "disconnect"]);
  expect([...facetsAskedFor(known)]).toEqual(["headers"]);
});

test("left open by the machine: required facets that a calmer machine could decide", () => {
  const open = { facet: "delivery", case: "lock-step", why: "" } as const;
  expect(isLeftOpenByMachine(required, { inconclusive: [{ ...open, byMachine: true }] })).toBe(true);
  expect(isLeftOpenByMachine(required, { inconclusive: [open] })).toBe(false);
  expect(isLeftOpenByMachine(known, { inconclusive: [{ ...open, byMachine: true }] })).toBe(false);
});

test("trials adapt to the machine, within bounds", async () => {
  const planned = (netP99Ms: number) =>
    plannedEpsilonMs({
      read: async () => ({
        figures: { p50Ms: 0.1, p99Ms: netP99Ms, maxMs: netP99Ms, samples: 200, netP99Ms },
        standstill: { at: [], waitedMs: [] },
      }),
    });
  expect(await planned(0.3)).toBe(5);
  expect(await planned(20)).toBe(60);
  // A machine that stood still for eight seconds: gaps of minutes would run into every limit that a hop has.
  expect(await planned(8533)).toBe(100);
});
