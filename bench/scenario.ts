// The time of one scenario with an open runtime, without the time of the case itself.
import { openCatalog } from "../harness/catalog/catalog.ts";
import { now } from "../harness/lab/clock.ts";
import { run } from "../harness/session/run.ts";
import { openRuntime } from "../harness/session/choose-runtime.ts";
import { medianOf } from "./_figure.ts";
import type { Figure, Progress } from "./_figure.ts";
import type { Span } from "./_watched.ts";
import { watched } from "./_watched.ts";

const id = "node-proxy-streams-events";
const times = 7;
const aimMs = 600;

export const measure = async (progress: Progress): Promise<Figure[]> => {
  const samples: Sample[] = [];
  for (let time = 0; time < times; time++) {
    progress(`${id}, ${time + 1} of ${times}`);
    samples.push(await once());
  }
  const names = Object.keys(samples[0] ?? {}) as (keyof Sample)[];
  return names.map((name) => ({
    name,
    value: medianOf(samples.map((sample) => sample[name])),
    unit: "ms",
    ...(name === "beyond the case, in all" ? { aim: aimMs } : {}),
  }));
};

const once = async (): Promise<Sample> => {
  const catalog = openCatalog();
  const openingAt = now();
  const opened = await openRuntime("process");
  const { runtime, spans } = watched(opened);
  const from = now();
  let judgedAt = Number.NaN;
  const report = await run({
    catalog,
    scenarios: [catalog.scenarios.find(id, "The bench")],
    runtime,
    version: "bench",
    onScenario: () => (judgedAt = now()),
  });
  const to = now();
  await opened[Symbol.asyncDispose]();
  const closedAt = now();
  const [scenario] = report.scenarios;
  if (scenario?.outcome !== "pass") throw new Error(`${id}: ${scenario?.outcome}: ${scenario?.why}`);
  return sampleOf(spans, { openingAt, from, judgedAt, to, closedAt });
};

interface Moments {
  openingAt: number;
  from: number;
  judgedAt: number;
  to: number;
  closedAt: number;
}

type Sample = ReturnType<typeof sampleOf>;

/** Each step lasts from the end of the previous one to its own end, so that the steps add up to the total. */
const sampleOf = (spans: readonly Span[], { openingAt, from, judgedAt, to, closedAt }: Moments) => {
  const of = (wanted: Span["what"]): Span[] => spans.filter(({ what }) => what === wanted).toSorted((a, b) => a.from - b.from);
  const cases = of("run-case");
  const caseAt = cases[0]?.from ?? from;
  const armedAt = cases.at(-1)?.to ?? caseAt;
  const asked = of("control").find((span) => span.from >= armedAt && span.from < judgedAt);
  let reachedAt = from;
  const until = (at: number | undefined): number => {
    const before = reachedAt;
    reachedAt = Math.max(before, at ?? before);
    return reachedAt - before;
  };
  return {
    "beyond the case, in all": to - from - (armedAt - caseAt),
    "self-test of the lab": until(of("self-test")[0]?.to),
    "starting the control": until(of("start-control")[0]?.to),
    "starting the hop": until(of("start").at(-1)?.to),
    "from there to the case": until(caseAt),
    "besides: the case": until(armedAt),
    "decoding the case": until(asked?.from),
    "waiting for the control's samples": until(asked?.to),
    judging: until(judgedAt),
    "stopping hop and control": until(to),
    "besides: opening the runtime": from - openingAt,
    "besides: closing it": closedAt - to,
  };
};
