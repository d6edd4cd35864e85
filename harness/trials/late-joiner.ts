// Late joiner: three clients of one URL, one after the other. Pure.
import type { Several } from "../define/request.ts";
import { repeat, usualBytes } from "../model/case-builder.ts";
import type { Case } from "../model/script.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";

/** Further clients ask for the same URL, in mid-stream and after the end; `null` sends no Cache-Control. */
export interface LateJoiner {
  kind: "late-joiner";
  cacheControl?: Several<string | null>;
}

const casesOf = (trial: LateJoiner, setting: Setting): Case[] =>
  (trial.cacheControl ?? cacheControls).map((control) => joinersUnder(control, setting));

/** Cache-Control of the origin, by default: none, and two ways to forbid a cached response. */
export const cacheControls: readonly (string | null)[] = [null, "no-cache", "no-store"];

const joinersUnder = (control: string | null, { settings: { epsilonMs }, pace, build }: Setting): Case => ({
  ...build("late-joiner", `three clients of one URL, Cache-Control: ${control ?? "none"}`, {
    variant: (control ?? "nothing").replaceAll(/[^a-z0-9-]/gi, "-"),
    recordBytes: repeat(usualBytes, 8),
    headers: control === null ? [] : [["Cache-Control", control]],
    steps: [{ do: "headers" }, { do: "write", records: 8, everyMs: pace.gapMs }, { do: "end" }],
    clients: [{}, { start: { whenClient: 0, has: { records: 3 } } }, { start: { whenClient: 0, has: "ended" } }],
    patienceMs: Math.max(2000, 20 * epsilonMs) + 8 * pace.gapMs,
  }),
  point: { cacheControl: control ?? "none" },
});

export const lateJoiner: TrialDefinition<LateJoiner> = {
  tests: ["delivery", "ending", "source", "integrity"],
  takesMs: { usually: 2000 },
  cases: casesOf,
  setsHead: ({ cacheControl = cacheControls }) => cacheControl.some((control) => control !== null),
};
