import { expect, test } from "vitest";
import { applicationWords } from "../../../harness/report/application-words.ts";
import type { ScenarioReport, SentReport } from "../../../harness/report/report.ts";

const sent = (more: Partial<SentReport> = {}): SentReport => ({
  items: 8,
  framing: "chunked",
  chunks: 8,
  reads: 1,
  noticed: [],
  leftAtMs: null,
  ...more,
});

const words = (facet: string, ...cases: { id: string; sent?: SentReport }[]): string[] =>
  applicationWords({ facets: [{ facet }], cases } as unknown as ScenarioReport);

test("without an application nothing is said of one", () => {
  expect(words("delivery", { id: "paced" })).toEqual([]);
  expect(words("disconnect", { id: "leave-fin-flowing" })).toEqual([]);
});

test("items, chunks and reads of the first case", () => {
  expect(words("delivery", { id: "a", sent: sent() }, { id: "b", sent: sent({ items: 1 }) })).toEqual([
    "the application: 8 items in 8 chunks, 1 read at the tap",
  ]);
  expect(words("delivery", { id: "a", sent: sent({ items: 1, framing: "close", chunks: null, reads: 2 }) })).toEqual([
    "the application: 1 item in one body (close), 2 reads at the tap",
  ]);
});

test("what was noticed of each departure, and when", () => {
  const noticed = [{ atMs: 420, what: "GeneratorExit" }];
  expect(
    words("disconnect", { id: "flowing", sent: sent({ noticed, leftAtMs: 100 }) }, { id: "silent", sent: sent({ leftAtMs: 100 }) }),
  ).toEqual(["the application noticed: GeneratorExit after 320 ms (flowing) · nothing (silent)"]);
});
