// What pages about scenarios are made of besides results/: what the catalog says of each, and recorded traces of test/golden/.
import type { Catalog } from "../harness/catalog/catalog.ts";
import type { Trace } from "../harness/model/trace.ts";
import { savedTraceOf, traceLines } from "../test/golden/archive.ts";
import type { Description } from "./_site-parts.ts";

export const descriptionsOf = async (catalog: Catalog): Promise<Map<string, Description>> =>
  new Map(
    await Promise.all(
      catalog.scenarios.entries.map(async ({ id, load }): Promise<[string, Description]> => {
        const scenario = await load();
        const known = "does" in scenario ? scenario : null;
        return [id, { title: scenario.title, because: known?.because ?? null, fixedBy: known?.fixedBy ?? null }];
      }),
    ),
  );

/** By scenario; in containers where that was recorded, since the matrix was. */
export const recordedTraces = async (): Promise<Map<string, Trace>> => {
  const traces = new Map<string, Trace>();
  for (const source of ["catalog-process", "catalog-container"])
    for (const line of await traceLines(source)) {
      const { name, trace } = savedTraceOf(line);
      traces.set(name, trace);
    }
  return traces;
};
