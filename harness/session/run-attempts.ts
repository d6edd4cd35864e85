// Which scenarios of a run get a second attempt, and which attempt counts.
import { step } from "../progress.ts";
import { oneAfterAnother } from "./alone.ts";
import { runInBatches } from "./batches.ts";
import type { BatchContext } from "./batches.ts";
import { calmly } from "./attempt.ts";
import type { Job, Result } from "./attempt.ts";
import type { Bench } from "./bench.ts";
import { disturbancesIn } from "../model/crowd.ts";
import { isLeftOpenByMachine } from "../model/outcome.ts";
import type { Trace } from "../model/trace.ts";
import { crashedReport } from "../report/scenario-report.ts";
import type { RunningServer } from "../runtime/runtime.ts";
import { definitionOf } from "../trials/index.ts";

type Done = (job: Job, result: Pick<Result, "report" | "trace">) => void;

/** Jobs that need a second attempt. */
export interface Left {
  /** Left inconclusive by the machine, by other trials or by a crashed hop: the second attempt counts. */
  open: Map<Job, Result>;
  /** Refused, possibly because others ran concurrently: the attempt alone counts. */
  refused: Map<Job, Result>;
  /** Not run, since the run was interrupted or the lab ended. */
  notRun: Job[];
}

/** Another scenario's trial may have crashed a shared hop, so after a crash each scenario gets its own servers; so does a trial that needs them. */
const ownerIn =
  ({ open }: Pick<Left, "open">) =>
  (job: Job): string | null =>
    open.get(job)?.death || definitionOf(job.scenario.trial).ownServers ? job.id : null;

export const firstAttempts = async (context: BatchContext, jobs: readonly Job[], atMost: number, done: Done): Promise<Left> => {
  const left: Left = { open: new Map(), refused: new Map(), notRun: [] };
  const ownerOf = ownerIn(left);
  for (const job of jobs) context.instances.reserve(job.chain.servers, ownerOf(job));
  const onResult = (job: Job, result: Result): void => {
    const isRefused = isRefusedIn(job, result.trace);
    if (!isRefused && !isLeftOpen(job, result)) return done(job, result);
    left[isRefused ? "refused" : "open"].set(job, result);
    context.instances.reserve(job.chain.servers, ownerOf(job));
  };
  left.notRun = await runInBatches(context, { jobs, atMost, attempt: 1, ownerOf, onResult });
  return left;
};

/** Afterwards `open` and `refused` contain only jobs whose first attempt counts. */
export const secondAttempts = async (context: BatchContext, left: Left, atMost: number, done: Done): Promise<void> => {
  if (left.open.size > 0 && !context.isOver()) await attemptsAgain(context, left, atMost, done);
  if (left.refused.size > 0 && !context.isOver()) await attemptsAlone(context, left, done);
};

const attemptsAgain = async (context: BatchContext, { open }: Left, atMost: number, done: Done): Promise<void> => {
  const why = open.values().some(({ death }) => death) ? "a hop crashed" : "they were inconclusive because the machine was busy";
  context.onProgress(step(`second attempt at ${open.size} of ${context.total} scenarios, at most ${calmly} concurrently: ${why}`));
  const settle = (job: Job, { report, trace }: Result): void => {
    open.delete(job);
    done(job, { report: { ...report, attempts: 2 }, trace });
  };
  const survivors = new Map<Job, Result>();
  const explained = new Set<RunningServer>();
  const onResult = (job: Job, second: Result): void => {
    const death = open.get(job)?.death;
    if (death && !second.death) return void survivors.set(job, second);
    if (death) explained.add(death.server);
    settle(job, death ? withCrash(job, second) : second);
  };
  await runInBatches(context, {
    jobs: [...open.keys()],
    atMost: Math.min(atMost, calmly),
    attempt: 2,
    ownerOf: ownerIn({ open }),
    onResult,
  });
  const isWhole = open.size === survivors.size;
  for (const [job, second] of survivors) {
    const first = open.get(job) as Result;
    if (first.death && explained.has(first.death.server)) settle(job, second);
    else if (isWhole) settle(job, unexplained(first, second));
  }
};

const attemptsAlone = async (context: BatchContext, left: Left, done: Done): Promise<void> => {
  const { refused } = left;
  context.onProgress(
    step(`second attempt at ${refused.size} of ${context.total} scenarios, one at a time: a server refused them while others ran`),
  );
  const onResult = (job: Job, { report, trace, death }: Result): void => {
    if (death) return;
    refused.delete(job);
    done(job, { report: { ...report, attempts: 2 }, trace });
  };
  await runInBatches(context, { jobs: [...refused.keys()], atMost: 1, attempt: 2, ownerOf: ownerIn(left), inTurnOf, onResult });
};

const isRefusedIn = ({ chain }: Job, seen: Pick<Trace, "links" | "cases"> | null): boolean =>
  seen !== null && !chain.application && disturbancesIn(seen, chain.scripted ?? null, Infinity).length > 0;

const inTurnOf = (job: Job): Bench["inTurn"] =>
  oneAfterAnother((trialCase) => isRefusedIn(job, { links: job.chain.links, cases: [trialCase] }));

const isLeftOpen = ({ scenario }: Job, { report, death }: Result): boolean =>
  death !== undefined || (report.outcome === "inconclusive" && isLeftOpenByMachine(scenario, report));

/** A crash fails a requirement; a characterization stays inconclusive. */
const withCrash = ({ scenario }: Job, { report, trace, death }: Result): Result =>
  death && "must" in scenario ? { report: crashedReport(report, death.hop), trace } : { report, trace };

/** A crash that no second attempt explains must not be hidden by a pass. */
const unexplained = ({ report }: Result, second: Result): Result =>
  second.report.outcome === "pass"
    ? {
        report: { ...report, why: `No second attempt on a separate server made it crash again: ${report.why}` },
        trace: null,
      }
    : second;
