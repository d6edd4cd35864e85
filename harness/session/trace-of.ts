// The trace of what was measured: its cases, with what the machine did meanwhile.
import { now } from "../lab/clock.ts";
import { http3Key, standstillKey } from "../model/judge/tolerance.ts";
import { labFaultOf } from "../model/lab-fault.ts";
import type { CaseTrace, QueueDelay, Trace } from "../model/trace.ts";
import { kernelKey } from "../runtime/queue-delay.ts";
import type { ControlsSeen } from "./controls.ts";
import type { Bench, Planned } from "./bench.ts";

export const traceOf = (
  { chain }: Planned,
  bench: Bench,
  cases: CaseTrace[],
  { standstill, ...controls }: ControlsSeen,
  began: number,
): Trace => {
  const { links, application, scripted = null, secrets = [] } = chain;
  const origin = application ? { origin: "application" as const } : {};
  const queueDelay: Record<string, QueueDelay> = { [standstillKey]: standstill };
  const add = (node: string, key: string): void => {
    const waited = bench.sampler.between(key, began, now());
    if (waited) queueDelay[node] = waited;
  };
  add("lab", "lab");
  if (controls.controls?.h3) add(http3Key, http3Key);
  add(kernelKey, kernelKey);
  for (const [node, server] of chain.serverOfNode) add(node, bench.keys[server] ?? "");
  return {
    schema: "hopwise.trace/1",
    runtime: bench.runtime.name,
    timeScale: chain.timeScale ?? 1,
    ...origin,
    nodes: chain.nodes,
    links,
    cases,
    ...controls,
    queueDelay,
    harnessFault: labFaultOf({ links, cases, ...origin }, scripted, secrets)?.says ?? null,
  };
};
