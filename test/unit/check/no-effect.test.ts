// Which trials run again without a line that is believed to help.
import { expect, it } from "vitest";
import { checksOf } from "../../../harness/check/checks.ts";
import type { NoEffectCandidate, Route } from "../../../harness/check/configuration.ts";
import { noEffectFindings } from "../../../harness/check/no-effect.ts";
import type { ObservedCheck } from "../../../harness/check/observed.ts";
import type { CheckedConfig } from "../../../harness/check/server.ts";
import type { Experiment } from "../../../harness/check/tried.ts";

const route = { id: "a" } as Route;

const triedFor = async (candidate: Partial<NoEffectCandidate>): Promise<string[]> => {
  const line = {
    id: "x",
    directive: "x",
    belief: "help",
    place: { file: "a.conf", line: 1, column: 1 },
    edits: [],
    link: "",
    ...candidate,
  };
  const config = { routes: [route], noEffectCandidates: () => [line] } as unknown as CheckedConfig;
  const observed = checksOf("sse").map((check) => ({
    check,
    result: { report: { outcome: "pass", facets: [] } },
  })) as unknown as ObservedCheck[];
  const asked: Experiment[] = [];
  await noEffectFindings(config, new Map([["a", observed]]), (experiments) => {
    asked.push(...experiments);
    return Promise.resolve(experiments.map(() => ({ notRun: { reason: "trial-not-run", why: "" } })));
  });
  return asked.flatMap(({ faults }) => faults.map(({ check }) => check.id));
};

const waiting = ["silence", "first-byte", "reload"];

it("a line that is not about time is tried without what waits", async () => {
  const ids = await triedFor({});
  expect(ids).toContain("events");
  expect(ids.filter((id) => waiting.includes(id))).toEqual([]);
});

it("a line about time is tried by everything", async () => {
  expect(await triedFor({ isOfTime: true })).toEqual(expect.arrayContaining(["events", ...waiting]));
});
