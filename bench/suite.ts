// The fixed suite: every scenario of the catalog that needs only Node, in the process runtime, as `hopwise run` runs it. Counted
// from the start of this process, which has done nothing else.
import { inWords } from "../harness/progress.ts";
import { openCatalog } from "../harness/catalog/catalog.ts";
import type { Entry } from "../harness/catalog/shelf.ts";
import { planChain } from "../harness/session/chain.ts";
import type { Scenario } from "../harness/define.ts";
import { now } from "../harness/lab/clock.ts";
import { run } from "../harness/session/run.ts";
import { openRuntime } from "../harness/session/choose-runtime.ts";
import type { CpuSeconds } from "./_cpu.ts";
import { cpuSecondsOf } from "./_cpu.ts";
import type { Figure, Progress } from "./_figure.ts";
import type { Span } from "./_watched.ts";
import { watched } from "./_watched.ts";

export const measure = async (progress: Progress): Promise<Figure[]> => {
  const bornAt = now() - performance.now();
  const catalog = openCatalog();
  const scenarios: Entry<Scenario>[] = [];
  for (const entry of catalog.scenarios.entries) {
    const { servers } = await planChain(catalog, entry.id, await entry.load());
    if (servers.every(({ kind }) => kind === "node")) scenarios.push(entry);
  }
  const loadedAt = now();

  const opened = await openRuntime("process");
  const { runtime, spans } = watched(opened);
  const openedAt = now();
  const report = await run({ catalog, scenarios, runtime, version: "bench", onProgress: inWords(progress) });
  const [labPid = "self"] = await opened.labPids();
  const labCpu = await cpuSecondsOf(labPid).catch(() => null);
  await opened[Symbol.asyncDispose]();
  const endedAt = now();
  const wallS = (endedAt - bornAt) / 1000;
  const cpu = await cpuSecondsOf("self").catch(() => null);

  const longest = report.scenarios.reduce((a, b) => (b.tookMs > a.tookMs ? b : a));
  const longestS = longest.tookMs / 1000;
  const cases = spans.filter(({ what }) => what === "run-case").toSorted((a, b) => a.from - b.from);
  const firstCaseAt = cases[0]?.from ?? openedAt;
  const lastCaseAt = Math.max(firstCaseAt, ...cases.map(({ to }) => to));
  return [
    { name: "scenarios", value: scenarios.length, unit: "scenarios" },
    {
      name: "of them failed or not judged",
      value: report.scenarios.filter(({ outcome }) => outcome !== "pass" && outcome !== "unsupported").length,
      unit: "scenarios",
      aim: 0,
    },
    seconds("longest trial", longestS),
    seconds("wall", wallS, { ratioTo: { name: "longest trial", ratio: wallS / longestS } }),
    seconds("wall beyond 1.5 × the longest trial", wallS - 1.5 * longestS, { aim: 15 }),
    seconds("wall, from the start to the first stream", (firstCaseAt - bornAt) / 1000),
    seconds("of which Node and the catalog", (loadedAt - bornAt) / 1000),
    seconds("of which opening the runtime", (openedAt - loadedAt) / 1000),
    seconds("of which control and hops", (firstCaseAt - openedAt) / 1000),
    seconds("meanwhile without any stream", idleMs(cases) / 1000),
    seconds("wall, from the last stream to the end", (endedAt - lastCaseAt) / 1000),
    ...(cpu && labCpu ? processors(cpu, labCpu.own, wallS) : []),
  ];
};

const seconds = (name: string, value: number, more: Partial<Figure> = {}): Figure => ({ name, value, unit: "s", ...more });

const processors = ({ own, children }: CpuSeconds, labS: number, wallS: number): Figure[] => [
  seconds("processors, in all", own + children, { ratioTo: { name: "wall", ratio: (own + children) / wallS } }),
  seconds("processors, the command itself", own),
  seconds("processors, the lab", labS),
  seconds("processors, the hops", children - labS),
];

/** How long between the first and the last none of the spans was going on; they are in the order of their beginning. */
const idleMs = (spans: readonly Span[]): number => {
  let idle = 0;
  let busyUntil = spans[0]?.from ?? 0;
  for (const { from, to } of spans) {
    idle += Math.max(0, from - busyUntil);
    busyUntil = Math.max(busyUntil, to);
  }
  return idle;
};
