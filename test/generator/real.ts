// Plans in real processes: one hop serves them all, each request by its own pattern. They mostly wait.
import type { Entry } from "../../harness/catalog/shelf.ts";
import type { Scenario } from "../../harness/define.ts";
import { run } from "../../harness/session/run.ts";
import type { Runtime } from "../../harness/runtime/runtime.ts";
import { mutantCatalog, pipe } from "../e2e/mutants/matrix.ts";
import type { Plan } from "./plan.ts";
import { must, scored } from "./scored.ts";
import type { Found, Scored } from "./scored.ts";
import { hopId } from "./simulated.ts";
import type { Claim } from "./truth.ts";

export interface Claimed {
  plan: Plan;
  claim: Claim;
}

const entryOf = ({ plan }: Claimed, index: number): Entry<Scenario> => {
  const pipes = (count: number): string[] => Array.from({ length: count }, () => pipe);
  const scenario: Scenario = {
    title: `A hop that holds by ${plan.pattern.hold.by}`,
    chain: [{ app: "sse" }, ...pipes(plan.before), hopId, ...pipes(plan.after)],
    trial: plan.trial,
    request: { headers: [["Test-Pattern", JSON.stringify(plan.pattern)]] },
    must,
  };
  return { id: `pattern-${index}`, file: "", load: () => Promise.resolve(scenario) };
};

export const runPlans = async (
  claimed: readonly Claimed[],
  runtime: Runtime,
  concurrency: number,
  onScored?: (one: Claimed & Found & Scored) => void,
): Promise<(Claimed & Scored)[]> => {
  const entries = claimed.map(entryOf);
  const byId = new Map(claimed.map((one, index) => [entries[index]?.id, one]));
  const all: (Claimed & Scored)[] = [];
  await run({
    catalog: mutantCatalog(),
    scenarios: entries,
    runtime,
    version: "0",
    concurrency: concurrency,
    onScenario: (report, trace) => {
      const one = byId.get(report.id);
      if (!one) return;
      const found = { ...report, trace };
      const result = scored(one.claim, found);
      all.push({ ...one, ...result });
      onScored?.({ ...one, ...found, ...result });
    },
  });
  return all;
};
