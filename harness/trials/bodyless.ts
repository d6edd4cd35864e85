// Bodyless: responses without a body (HEAD, 204, 304). Pure.
import { repeat, usualBytes } from "../model/case-builder.ts";
import type { Case, Step } from "../model/script.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";

/** HEAD, 204 and 304: framing and stray bytes. */
export interface Bodyless {
  kind: "bodyless";
}

const casesOf = (_trial: Bodyless, { build }: Setting): Case[] => {
  const steps: Step[] = [{ do: "headers" }, { do: "write", records: 3, everyMs: 20 }, { do: "end" }];
  const recordBytes = repeat(usualBytes, 3);
  return [
    build("head", "HEAD", { recordBytes, steps, method: "HEAD" }),
    build("status", "204 No Content", { variant: "204", recordBytes, steps, status: 204 }),
    build("status", "304 Not Modified", { variant: "304", recordBytes, steps, status: 304 }),
  ];
};

export const bodyless: TrialDefinition<Bodyless> = {
  tests: ["ending", "integrity"],
  takesMs: { usually: 200 },
  cases: casesOf,
  setsHead: () => true,
};
