// `hopwise check` where no container engine answers: a configuration is untrusted, and runs in a container or not at all.
import { predictedReport } from "../check/predicted.ts";
import type { PredictedOptions } from "../check/predicted.ts";
import type { PredictedReport } from "../report/predicted-report.ts";
import { namedEngine } from "../session/choose-runtime.ts";
import type { Output } from "./outputs.ts";

export const predictOnly = (
  known: Omit<PredictedOptions, "engineAt" | "notDone">,
  { write, keepApp }: { write?: boolean; keepApp?: boolean },
): PredictedReport =>
  predictedReport({
    ...known,
    engineAt: namedEngine(),
    notDone: [
      ...(write ? ["--write: nothing was written, since no fix is proven"] : []),
      ...(keepApp ? ["--keep-app: your application was not started"] : []),
    ],
  });

/** For the standard error: what a reader of another output than the one for people would miss. */
export const noticesOf = ({ notRun: { notDone } }: PredictedReport, outputs: readonly Output[]): string[] =>
  outputs.some(({ reporter, to }) => reporter === "pretty" && typeof to === "string")
    ? []
    : [
        "No container engine answers: nothing was run, and the report is a prediction (npx hopwise doctor lists what is missing)",
        ...notDone,
      ];
