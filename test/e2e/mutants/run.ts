// Runs cases through one runtime and scores them.
import { run } from "../../../harness/session/run.ts";
import type { Runtime } from "../../../harness/runtime/runtime.ts";
import type { Case, Score } from "./matrix.ts";
import { mutantCatalog, scoreOf } from "./matrix.ts";

import type { Trace } from "../../../harness/model/trace.ts";

export interface Row {
  id: string;
  mutant: string;
  position: string;
  score: Score;
  why: string;
}

export const runMutants = async (
  cases: readonly Case[],
  runtime: Runtime,
  onRow?: (row: Row, trace: Trace | null) => void,
): Promise<{ rows: Row[]; tookMs: number }> => {
  const byId = new Map(cases.map((one) => [one.entry.id, one]));
  const rows: Row[] = [];
  const report = await run({
    catalog: mutantCatalog(),
    scenarios: cases.map(({ entry }) => entry),
    runtime,
    version: "0",
    onScenario: (scenario, trace) => {
      const one = byId.get(scenario.id);
      if (!one) return;
      const row = { id: scenario.id, mutant: one.mutant, position: one.position, ...scoreOf(one, scenario) };
      rows.push(row);
      onRow?.(row, trace);
    },
  });
  return { rows, tookMs: report.tookMs };
};
