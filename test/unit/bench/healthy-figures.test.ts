import { expect, test } from "vitest";
import { withHealthy } from "../../../bench/_accuracy.ts";
import type { HealthyFigures, MutationResults } from "../../../bench/_accuracy.ts";

const figures = (repetitions: number, accused: HealthyFigures["accused"] = []): HealthyFigures => ({
  date: "2026-12-01T00:00:00.000Z",
  server: "nginx/1.26.3",
  configurations: 33,
  repetitions,
  accused,
  notJudged: [],
});

test("repetitions in parts replace those on record once they are as many, with every accusation", () => {
  const one = { config: "a", repetition: 2, reported: ["buffered by nginx.conf:3"] };
  const before: MutationResults = { schema: "hopwise.check-mutations/1", mutations: null, healthy: figures(20) };
  const half = withHealthy(before, figures(10, [one]), 20);
  expect(half).toEqual({ ...before, underWay: figures(10, [one]) });
  expect(withHealthy(half, figures(10), 20)).toEqual({ ...before, healthy: figures(20, [one]) });
});

test("repetitions in one part replace those on record", () => {
  expect(withHealthy(null, figures(20), 20)).toEqual({ schema: "hopwise.check-mutations/1", mutations: null, healthy: figures(20) });
});
