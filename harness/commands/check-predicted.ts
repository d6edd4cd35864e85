// `hopwise check` where no container engine answers: a configuration is untrusted, and runs in a container or not at all.
import { predictedReport } from "../check/predicted.ts";
import type { PredictedOptions } from "../check/predicted.ts";
import { servicesOf } from "../check/read-deployment.ts";
import type { Composed } from "../check/read-deployment.ts";
import type { PredictedReport } from "../report/predicted-report.ts";
import { namedEngine } from "../session/choose-runtime.ts";
import type { Output } from "./outputs.ts";

export const predictOnly = (
  known: Omit<PredictedOptions, "engineAt" | "notDone">,
  { write, keepApp }: { write?: boolean; keepApp?: boolean },
  composed?: Composed,
): PredictedReport =>
  predictedReport({
    ...known,
    engineAt: namedEngine(),
    notDone: [
      ...(composed ? othersIn(composed) : []),
      ...(write ? ["--write: nothing was written, since no fix is proven"] : []),
      ...(keepApp ? ["--keep-app: your application was not started"] : []),
    ],
  });

/** How the proxies of a chain work together shows only when they run. */
const othersIn = ({ service, inner, others }: Composed): string[] => [
  ...(inner.length > 0 ? [`predicted for ${service} only; not predicted: ${servicesOf(inner).join(", ")} (use --service)`] : []),
  ...(others.length > 0 ? [`not checked: ${others.map((one) => `${one.service} (${one.title})`).join(", ")}`] : []),
];

/** For the standard error: what a reader of another output than the one for people would miss. */
export const noticesOf = ({ notRun: { notDone } }: PredictedReport, outputs: readonly Output[]): string[] =>
  outputs.some(({ reporter, to }) => reporter === "pretty" && typeof to === "string")
    ? []
    : [
        "No container engine answers: nothing was run, and the report is a prediction (npx hopwise doctor lists what is missing)",
        ...notDone,
      ];
