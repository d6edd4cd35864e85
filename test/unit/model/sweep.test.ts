import type { Trial } from "../../../harness/define.ts";
import { expect, it } from "vitest";
import { pointsOf } from "../../../harness/model/sweep.ts";
import { conditionsOf } from "../../../harness/model/conditions.ts";
import { firstCases } from "../../../harness/model/first-cases.ts";
import type { Facet } from "../../../harness/model/verdict.ts";

const circumstances = { epsilonMs: 5, limitMs: null };

it("runs a trial at every combination of the values, each case with its own id", () => {
  const cases = firstCases(
    { kind: "paced", recordBytes: [60, 600] },
    { ...circumstances, request: { acceptEncoding: [null, "gzip"] }, response: { contentType: "text/event-stream" } },
  );
  expect(cases.map(({ id }) => id)).toEqual(["paced@none,60", "paced@none,600", "paced@gzip,60", "paced@gzip,600"]);
  expect(cases.map(({ clients }) => clients[0]?.acceptEncoding)).toEqual([null, null, "gzip", "gzip"]);
  expect(cases.map(({ script }) => script.body.recordBytes[0])).toEqual([60, 600, 60, 600]);
});

it("has one point without a name where nothing is swept, a list of one included", () => {
  expect(pointsOf({ acceptEncoding: ["gzip"] }, {}, { kind: "bodyless" })).toMatchObject([{ at: {}, request: { acceptEncoding: "gzip" } }]);
});

it("reports what flips along an axis, and only that", () => {
  const cases = firstCases(
    { kind: "paced" },
    { ...circumstances, request: { acceptEncoding: [null, "gzip"], method: ["GET", "POST"] }, response: {} },
  );
  const facets = cases.map((trialCase): Facet => {
    const held = trialCase.point["acceptEncoding"] === "gzip";
    return {
      facet: "delivery",
      case: trialCase.id,
      observation: held
        ? { member: "buffered", released: "end", atLeastBytes: 1, flooded: false, heldForMs: 1 }
        : { member: "incremental", medianLagMs: 0, worstLagMs: 0, unexplained: 0, by: "paced" },
      culprit: held ? "nginx" : null,
      evidence: "",
      hops: [],
    };
  });
  expect(conditionsOf(facets, cases)).toEqual([
    {
      facet: "delivery",
      axis: "acceptEncoding",
      values: [
        { value: "none", member: "incremental", culprit: null },
        { value: "gzip", member: "buffered", culprit: "nginx" },
      ],
    },
  ]);
});

it("paces as its author says, however busy the machine is, and else as wide as the machine needs", () => {
  const gapOf = (everyMs: number | undefined): unknown => {
    const trial: Trial = { kind: "paced", ...(everyMs === undefined ? {} : { everyMs }) };
    const [first] = firstCases(trial, { epsilonMs: 90, limitMs: 1000, request: {}, response: {} });
    return first?.script.steps.find((step) => step.do === "write");
  };
  expect(gapOf(300)).toMatchObject({ everyMs: 300 });
  expect(gapOf(1300)).toMatchObject({ everyMs: 1300 });
  expect(gapOf(undefined)).toMatchObject({ everyMs: 720 });
});

it("sweeps what clients speak: each leaves in the ways that its protocol has", () => {
  const cases = firstCases({ kind: "client-leaving" }, { ...circumstances, request: { clients: ["h1", "h2c"] }, response: {} });
  expect(cases.map(({ id, clients }) => [id, ...clients.map(({ protocol }) => protocol)])).toEqual([
    ["leave-fin-flowing@h1", "h1"],
    ["leave-fin-silent@h1", "h1"],
    ["leave-reset-flowing@h1", "h1"],
    ["leave-reset-silent@h1", "h1"],
    ["leave-cancel-flowing@h2c", "h2c", "h2c"],
    ["leave-cancel-silent@h2c", "h2c", "h2c"],
    ["leave-close-flowing@h2c", "h2c"],
    ["leave-close-silent@h2c", "h2c"],
  ]);
});
