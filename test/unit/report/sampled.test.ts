// What a report says of samples: figures of all processes together, or why there are none.
import { expect, test } from "vitest";
import type { HopSamples } from "../../../harness/model/samples.ts";
import type { CaseTrace } from "../../../harness/model/trace.ts";
import { sampledIn, sampledWords } from "../../../harness/report/sampled.ts";

const nginx: HopSamples = {
  hop: "nginx",
  at: [-9, 91, 180],
  residentKb: [13_000, 13_050, 13_020],
  processorMs: [20, 100, 210],
  descriptors: [16, 18, 16],
  sockets: [7, 9, 7],
  memory: [
    { pid: 1, idleKb: 9000, peakKb: 9000 },
    { pid: 2, idleKb: 4000, peakKb: 4512 },
  ],
  problems: [],
};
const other: HopSamples = {
  hop: "other\u001b",
  at: [-9, 180],
  processorMs: [0, 10],
  problems: [{ kind: "memory", problem: "not-permitted" }],
};

const sampled = sampledIn({ samples: [nginx, other] } as CaseTrace);

test("peaks are added up, and processor time is that of the case", () => {
  expect(sampled).toEqual([
    { hop: "nginx", processes: 2, idleKb: 13_000, peakKb: 13_512, processorMs: 190, mostDescriptors: 18, mostSockets: 9 },
    { hop: "other\u001b", processorMs: 10, notChecked: [{ kind: "memory", problem: "not-permitted" }] },
  ]);
});

test("a case without samples has no figures, and no words", () => {
  expect(sampledIn({} as CaseTrace)).toEqual([]);
  expect(sampledWords({ cases: [{ id: "a" }] } as never)).toEqual([]);
});

test("the card says what each case added, and nothing of what was not sampled", () => {
  const words = sampledWords({ cases: [{ id: "memory-fast-50000000", sampled }] } as never);
  expect(words).toEqual(["memory at its peak, above what each case began with: memory-fast-50000000: nginx 0.5 MiB"]);
});
