// `hopwise check` where a container engine answers: from the choice of the image to the report.
import { step } from "../progress.ts";
import { check } from "../check/check.ts";
import type { Checked } from "../check/check.ts";
import type { Check, Purpose } from "../check/checks.ts";
import { chooseImage } from "../check/image.ts";
import { keepRunning } from "../check/kept.ts";
import type { planKept } from "../check/kept.ts";
import type { CheckedConfig } from "../check/server.ts";
import type { Subject } from "../check/subject.ts";
import type { BinaryServer } from "../define.ts";
import type { live } from "../report/live.ts";
import type { Engine } from "../runtime/engine.ts";
import { lineOf } from "../check/route-reports.ts";
import type { Asked } from "./check-asks.ts";
import { plansOf } from "./chain-plans.ts";
import type { openTraceFolder } from "./trace-folder.ts";

export interface ToCheck {
  given: string;
  subject: Subject;
  config: CheckedConfig;
  kept: Awaited<ReturnType<typeof planKept>> | null;
  definition: BinaryServer;
  definitionOf: (server: string) => Promise<BinaryServer>;
  /** Named by the user or by the deployment. */
  image: string | null;
  checks: readonly Check[];
  taskOf: Asked["taskOf"];
  purpose: Purpose;
  version: string;
}

export interface EngineFlags {
  image?: string;
  serverVersion?: string;
  watchSeconds?: number;
  write?: boolean;
}

/** Among several proxies it is known by its service. */
const hopIn = ({ composed }: Subject): { hop?: string } =>
  composed && composed.inner.length + composed.others.length > 0 ? { hop: composed.service } : {};

/** Rejects with the signal's reason where it was interrupted before there was anything to report. */
export const checkOnEngine = async (
  engine: Engine,
  { subject, kept, definition, definitionOf, image, ...asked }: ToCheck,
  flags: EngineFlags,
  traces: Awaited<ReturnType<typeof openTraceFolder>> | null,
  status: ReturnType<typeof live>,
  signal: AbortSignal,
  /** Called while the containers still run. */
  onChecked: (checked: Checked) => Promise<void>,
): Promise<Checked> => {
  const { openContainer } = await import("../runtime/container.ts");
  const { versionOf } = subject.server.packaging;
  try {
    status.progress(step("opening the runtime"));
    const wanted = { image, version: flags.serverVersion ?? null, isAsked: flags.image !== undefined, versionOf };
    const build = await chooseImage(engine, definition, wanted, status.progress);
    const composed = subject.composed;
    const inner = await plansOf(composed?.inner ?? [], { engine, definitionOf, onProgress: status.progress });
    signal.throwIfAborted();
    await using runtime = await openContainer(engine, status.progress);
    signal.throwIfAborted();
    await using application = kept && (await keepRunning(runtime, kept, asked.checks, 1000 * (flags.watchSeconds ?? 10), signal));
    return await check({
      ...asked,
      runtime,
      build: { definition, version: build.version, image: build.image, ...hopIn(subject) },
      why: build.why,
      inner,
      others: (composed?.others ?? []).map(({ service, title, place }) => ({ service, title, at: lineOf(place) })),
      ...(application ? { kept: application } : {}),
      write: flags.write ?? false,
      signal,
      onProgress: status.progress,
      ...(traces ? { onTrace: traces.save } : {}),
      onChecked: async (checked) => {
        status.clear();
        await onChecked(checked);
        status.progress(step("stopping the containers"));
      },
    });
  } finally {
    status.clear();
    await traces?.saved().catch(() => {});
  }
};
