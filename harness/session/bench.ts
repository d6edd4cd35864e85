// What a trial is measured with.
import type { Scenario } from "../define.ts";
import type { Address } from "../lab/protocol.ts";
import type { Case, ClientProtocol } from "../model/script.ts";
import type { CaseTrace } from "../model/trace.ts";
import type { QueueDelaySampler } from "../runtime/queue-delay.ts";
import type { RunningServer, Runtime } from "../runtime/runtime.ts";
import type { ChainPlan } from "./chain.ts";
import type { Control } from "./control.ts";

/** What is measured: a scenario on its planned chain. */
export interface Planned {
  scenario: Scenario;
  chain: ChainPlan;
}

export interface Bench {
  runtime: Runtime;
  sampler: QueueDelaySampler;
  servers: RunningServer[];
  taps: string[];
  /** In front of the last server's further listeners, by protocol. */
  clientTaps?: Partial<Record<ClientProtocol, string>>;
  /** Where the last server listens for HTTP/3, if it does. */
  http3?: Address | undefined;
  /** Further taps that run in parallel with the first. */
  besides?: string[];
  /** The sampler's key of each server. */
  keys: string[];
  /** When this batch began to stream: earlier control samples, taken while servers started, do not count. */
  from: number;
  control: Control;
  /** ε when the batch began, from which gaps and patience are planned. */
  epsilonMs: number;
  /** Called when its first cases start, with the ε that they are planned with. */
  onBegin?: (epsilonMs: number) => void;
  /** What was done to its servers beside what its cases say. */
  acted?: () => NonNullable<CaseTrace["actions"]>;
  /** Only the first cases, and of a lock-step only what comes before a record that is not confirmed. */
  isBrief?: true;
  /** How the cases of one round run. Default: concurrently. */
  inTurn?: InTurn;
}

export type InTurn = (cases: readonly Case[], run: (trialCase: Case) => Promise<CaseTrace>) => Promise<CaseTrace[]>;
