// A kind of trial: what is sent, what it shows, and how long it takes. Each file of trials/ defines one. Pure.
import type { Build, Settings } from "./case-builder.ts";
import type { CasePoint } from "./point.ts";
import type { Case } from "./script.ts";
import type { CaseTrace } from "./trace.ts";
import type { FacetName } from "./verdict.ts";
import type { Pace } from "./pace.ts";

/** `Options`: what a scenario says of it; its kind is the file's name. */
export interface TrialDefinition<Options extends { kind: string }> {
  /** The facets that it can show something of. */
  tests: readonly FacetName[];
  /** Roughly, in milliseconds; only decides what starts first. `passes`: where a requirement is met, if that is much quicker. */
  takesMs: { usually: number; passes?: number };
  /** The cases that it starts with, at one point. They run concurrently. */
  cases(this: void, options: Options, setting: Setting): Case[];
  /** The cases that follow from the results of the first. Default: further attempts of those whose records were a little late, or whose
   *  result is open. */
  follow?(this: void, sight: Sight): Case[];
  /** It shows records that are late: one that is a little late gets a second attempt. */
  showsLateRecords?: true;
  /** It waits for a timeout, so that it gains from a faster clock; for how long, where that is said. */
  waitMs?(this: void, options: Options): number | undefined;
  /** How long nothing is sent, where the stream is required to survive `requiredMs` of it. Absent: it is never silent. */
  silentMs?(this: void, options: Options, requiredMs: number): number;
  /** How it runs with an application that follows no script: what it sends is watched, or its client leaves. Absent: not at all. */
  withoutScript?: "watch" | "leave";
  /** The script sets the status or the header section of the response. */
  setsHead?(this: void, options: Options): boolean;
  /** It changes or measures the servers themselves: no other scenario uses them. */
  ownServers?: true;
  /** Its cases run one after another, and no other scenario runs meanwhile. */
  runsAlone?: true;
  /** Its cases have the values of its axes: it is no sweep. */
  listsItsAxes?: true;
}

export interface Setting {
  point: CasePoint;
  settings: Settings;
  pace: Pace;
  build: Build;
}

/** What was seen so far, for the cases that follow. */
export interface Sight {
  seen: readonly CaseTrace[];
  /** The cause of its end is still open. */
  isOpen: (trialCase: Case) => boolean;
  /** The next attempt of a case. */
  again: (trialCase: Case) => Case;
  points: readonly { at: Record<string, string>; build: Build; placed: (trialCase: Case) => Case }[];
}
