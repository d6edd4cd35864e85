// Judges the golden set with the judge of today.
import { judge } from "../../harness/model/judge/judge.ts";
import type { Verdict } from "../../harness/model/verdict.ts";
import { readVerdicts, savedTraceOf, sourcesThere, traceLines } from "./archive.ts";
import type { SavedTrace } from "./archive.ts";
import { differences } from "./compare.ts";
import type { Difference } from "./compare.ts";

export interface JudgedAgain {
  traces: number;
  sources: string[];
  found: Difference[];
}

/** All of the sources, or those named. */
export const judgeAgain = async (named: readonly string[] = []): Promise<JudgedAgain> => {
  const sources = (await sourcesThere()).filter((source) => named.length === 0 || named.includes(source));
  const found: Difference[] = [];
  let traces = 0;
  for (const source of sources) {
    const saved = new Map((await readVerdicts(source)).map(({ name, verdict }) => [name, verdict]));
    for (const line of await traceLines(source)) {
      const { name, trace } = savedTraceOf(line);
      const before = saved.get(name);
      if (!before)
        throw new Error(`The golden set has no verdict on "${name}" of ${source}: record it again (npm run golden -- --record ${source})`);
      traces++;
      found.push(...differences(`${source}/${name}`, before, judgedSafely(trace)));
    }
  }
  return { traces, sources, found };
};

/** A judge that throws is a difference like any other, and must not hide the others. */
const judgedSafely = (trace: SavedTrace["trace"]): Verdict => {
  try {
    return judge(trace);
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { facets: [], inconclusive: [{ facet: "delivery", case: "thrown", why }], limits: [] };
  }
};
