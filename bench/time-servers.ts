// `node bench/time-servers.ts`: a timeout of each kind of server with faster clocks, compared with real time. Exits 1 if one differs by more than
// 2 % and one tick. Its output is in docs/time-compression.md. nginx has a table of its own (bench/time.ts).
import { inWords } from "../harness/progress.ts";
import { join } from "node:path";
import { openCatalog } from "../harness/catalog/catalog.ts";
import type { Scenario } from "../harness/define.ts";
import type { ScenarioReport } from "../harness/report/report.ts";
import { run } from "../harness/session/run.ts";
import { openRuntime } from "../harness/session/choose-runtime.ts";
import { version } from "../harness/version.ts";
import { optionsOf } from "../scripts/_options.ts";

optionsOf({});

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const scales = [1, 20, 50];

interface Timed {
  name: string;
  chain: Scenario["chain"];
  limitMs: number;
  /** How often the server looks at its clock, in its own time; kernel: it leaves the timeout to the kernel's timers. */
  tickMs: number | "kernel";
  path?: string;
}

const jiffyMs = 4;

/** The granularity of a timer of this length, at 250 Hz (kernel/time/timer.c): eight times as coarse at each level of the wheel. */
const kernelTickMs = (timerMs: number): number => {
  for (let tickMs = jiffyMs, endMs = 64 * jiffyMs; ; tickMs *= 8, endMs *= 8) if (timerMs < endMs) return Math.max(tickMs, 2 * jiffyMs);
};

/** In the server's time. */
const tickOf = ({ limitMs, tickMs }: Timed, scale: number): number =>
  tickMs === "kernel" ? scale * kernelTickMs(limitMs / scale) : tickMs;

const timed: Timed[] = [
  ...["6.5", "7.1", "7.7"].map((one) => ({
    name: `Varnish ${one}, between_bytes_timeout`,
    chain: [{ app: "sse" }, `varnish-ten@${one}`] as Scenario["chain"],
    limitMs: 10_000,
    tickMs: "kernel" as const,
  })),
  { name: "Vinyl 9.0, between_bytes_timeout", chain: [{ app: "sse" }, "vinyl-ten"], limitMs: 10_000, tickMs: "kernel" },
  { name: "Gunicorn 26.2, --timeout 5 (sync)", chain: [{ app: "django@5.2:sync-timeout" }], limitMs: 5000, tickMs: 1000 },
  { name: "uWSGI 2.0.28, --harakiri 10", chain: [{ app: "django:uwsgi-harakiri" }], limitMs: 10_000, tickMs: 1000 },
  {
    name: "Daphne 4.1, --http-timeout 10",
    chain: [{ app: "django:daphne-http-timeout" }],
    limitMs: 10_000,
    tickMs: 2000,
    path: "/stream-async",
  },
];

const silent = ({ name, chain, limitMs, path }: Timed, timeScale: number): Scenario => ({
  title: `${name}: cut`,
  chain,
  ...(path === undefined ? {} : { request: { path } }),
  timeScale,
  trial: { kind: "silence", silentMs: 1.5 * limitMs },
  does: { end: "truncated-visibly" },
  because: "https://github.com/wolfcw/libfaketime",
});

/** When the response ended, by the server's clock; whatever it is called. */
const endedMs = ({ facets }: ScenarioReport): number => {
  const ending = facets.find(({ facet, observation }) => facet === "ending" && "afterMs" in observation)?.observation;
  return ending && "afterMs" in ending ? ending.afterMs : Number.NaN;
};

const catalog = openCatalog({ servers: [join(import.meta.dirname, "../test/e2e/runtime/time/fixtures")] });
const ended = new Map<string, number>();
for (const scale of scales) {
  await using runtime = await openRuntime("container", { onProgress: inWords(say) });
  const scenarios = timed.map((one) => ({ id: one.name, file: "", load: async () => silent(one, scale) }));
  const { scenarios: done } = await run({ catalog, scenarios, runtime, version, concurrency: 4 });
  for (const report of done) {
    ended.set(`${report.id}×${scale}`, endedMs(report));
    say(`×${scale} ${report.id}: ${report.headline}, ${report.why}`);
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

console.log(`| server and timeout | tick | ${scales.map((scale) => `×${scale}`).join(" | ")} |`);
console.log(`|---|---|${scales.map(() => "---").join("|")}|`);
for (const one of timed) {
  const endedAt = (scale: number): number => ended.get(`${one.name}×${scale}`) ?? Number.NaN;
  const real = endedAt(1);
  const cells = scales.map((scale) => {
    const difference = endedAt(scale) - real;
    const most = Math.max(0.02 * real, tickOf(one, 1), tickOf(one, scale));
    if (!(Math.abs(difference) <= most)) process.exitCode = 1;
    return scale === 1 ? seconds(real) : `${seconds(endedAt(scale))} (${((100 * difference) / real).toFixed(1)} %)`;
  });
  const ticks = scales.map((scale) => seconds(tickOf(one, scale)));
  console.log(`| ${one.name} | ${[...new Set(ticks)].join(", ")} | ${cells.join(" | ")} |`);
}
