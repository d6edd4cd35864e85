// Trials that a server refused or delayed while others ran are repeated alone: each on its own server, one request after another.
import { setTimeout as delay } from "node:timers/promises";
import type { InTurn } from "./bench.ts";
import type { CaseTrace } from "../model/trace.ts";

/** Pauses between two requests: longer each time the server still refuses. */
const usualPausesMs = [0, 300, 1500];

/** One case after another, for one server. */
export const oneAfterAnother = (isDisturbed: (trialCase: CaseTrace) => boolean, pausesMs: readonly number[] = usualPausesMs): InTurn => {
  let pause = 0;
  /** Refused even after the longest pause: waiting does not help, so later requests do not wait either. */
  let isHopeless = false;
  return async (cases, run) => {
    const traces: CaseTrace[] = [];
    for (const trialCase of cases) {
      let trace: CaseTrace;
      for (let at = pause; ; at++) {
        // oxlint-disable-next-line no-await-in-loop
        await delay(pausesMs[at]);
        // oxlint-disable-next-line no-await-in-loop
        trace = await run(trialCase);
        if (!isDisturbed(trace)) pause = at;
        else if (at + 1 < pausesMs.length && !isHopeless) continue;
        else isHopeless = true;
        break;
      }
      traces.push(trace);
    }
    return traces;
  };
};
