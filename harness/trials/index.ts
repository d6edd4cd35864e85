// The kinds of trials. `npm run schema` writes this file: it has one entry for each other file of this folder.
import type { TrialDefinition } from "../model/trial.ts";
import { bodyless, type Bodyless } from "./bodyless.ts";
import { clientLeaving, type ClientLeaving } from "./client-leaving.ts";
import { clientStalling, type ClientStalling } from "./client-stalling.ts";
import { firstByteWait, type FirstByteWait } from "./first-byte-wait.ts";
import { headerHold, type HeaderHold } from "./header-hold.ts";
import { lateJoiner, type LateJoiner } from "./late-joiner.ts";
import { lockStep, type LockStep } from "./lock-step.ts";
import { memory, type Memory } from "./memory.ts";
import { originAbort, type OriginAbort } from "./origin-abort.ts";
import { originFailing, type OriginFailing } from "./origin-failing.ts";
import { paced, type Paced } from "./paced.ts";
import { reload, type Reload } from "./reload.ts";
import { silence, type Silence } from "./silence.ts";
import { sizeSweep, type SizeSweep } from "./size-sweep.ts";
import { starvation, type Starvation } from "./starvation.ts";

/**
 * Sizes in bytes, times in milliseconds. Every field has a default that suits the trial.
 *
 * @discriminator kind
 */
export type Trial =
  | Bodyless
  | ClientLeaving
  | ClientStalling
  | FirstByteWait
  | HeaderHold
  | LateJoiner
  | LockStep
  | Memory
  | OriginAbort
  | OriginFailing
  | Paced
  | Reload
  | Silence
  | SizeSweep
  | Starvation;

export type TrialKind = Trial["kind"];

export const trials: { readonly [K in TrialKind]: TrialDefinition<Extract<Trial, { kind: K }>> } = {
  bodyless,
  "client-leaving": clientLeaving,
  "client-stalling": clientStalling,
  "first-byte-wait": firstByteWait,
  "header-hold": headerHold,
  "late-joiner": lateJoiner,
  "lock-step": lockStep,
  memory,
  "origin-abort": originAbort,
  "origin-failing": originFailing,
  paced,
  reload,
  silence,
  "size-sweep": sizeSweep,
  starvation,
};

export const trialKinds = Object.keys(trials) as TrialKind[];

/** The kinds of which something is true. */
export const kindsThat = (is: (definition: TrialDefinition<Trial>) => unknown): TrialKind[] =>
  trialKinds.filter((kind) => is(trials[kind]));

export const definitionOf = ({ kind }: Trial): TrialDefinition<Trial> => trials[kind];
