// `node bench/time.ts`: timeouts of every nginx with faster clocks, compared with real time. Its output is in docs/time-compression.md.
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

const because = "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout";
const versions = ["1.18", "1.22", "1.26", "1.30"];
const scales = [1, 10, 20, 60];

const silent = (server: string, limitMs: number, timeScale: number): Scenario => ({
  title: `${server} cuts what is silent for ${limitMs} ms`,
  chain: [{ app: "sse" }, server],
  timeScale,
  trial: { kind: "silence", silentMs: 1.2 * limitMs },
  does: { end: "truncated-visibly", cause: "idle-timeout" },
  because,
});

const streaming = (timeScale: number): Scenario => ({
  title: "records through nginx",
  chain: [{ app: "sse" }, "nginx-ten"],
  timeScale,
  trial: { kind: "lock-step", records: 1000 },
  must: { deliver: "incrementally" },
});

/** One at a time, so that they do not disturb each other. */
const rounds: { name: string; scenarios: Record<string, Scenario> }[] = [
  ...versions.map((wanted) => ({
    name: wanted,
    scenarios: Object.fromEntries(scales.map((scale) => [`${wanted}×${scale}`, silent(`nginx-ten@${wanted}`, 10_000, scale)])),
  })),
  {
    name: "a minute",
    scenarios: Object.fromEntries(versions.map((one) => [`60s@${one}×20`, silent(`nginx@${one}:http-1.1`, 60_000, 20)])),
  },
  ...[1, 20].map((scale) => ({ name: `lag ×${scale}`, scenarios: { [`lag×${scale}`]: streaming(scale) } })),
];

const catalog = openCatalog({ servers: [join(import.meta.dirname, "../test/e2e/runtime/time/fixtures")] });
const reports = new Map<string, ScenarioReport>();
for (const { name, scenarios } of rounds) {
  await using runtime = await openRuntime("container", { onProgress: inWords(say) });
  const entries = Object.entries(scenarios).map(([id, scenario]) => ({ id, file: "", load: async () => scenario }));
  const { scenarios: done, control } = await run({ catalog, scenarios: entries, runtime, version });
  for (const report of done) reports.set(report.id, report);
  say(`${name}: ${done.map(({ outcome }) => outcome).join(" ")}, control p99 ${control?.p99Ms.toFixed(1)} ms`);
}

const limitOf = (id: string): number => reports.get(id)?.limits[0]?.ms ?? Number.NaN;
const reported = (id: string, beside: number): string =>
  `${(limitOf(id) / 1000).toFixed(3)} s (${((100 * (limitOf(id) - beside)) / beside).toFixed(2)} %)`;

console.log(`| nginx | ${scales.map((scale) => `10 s, ×${scale}`).join(" | ")} | 60 s, ×20 |`);
console.log(`|---|${scales.map(() => "---").join("|")}|---|`);
for (const one of versions)
  console.log(
    `| ${one} | ${scales.map((scale) => (scale === 1 ? `${(limitOf(`${one}×1`) / 1000).toFixed(3)} s` : reported(`${one}×${scale}`, limitOf(`${one}×1`)))).join(" | ")} | ${reported(`60s@${one}×20`, 60_000)} |`,
  );
for (const scale of [1, 20]) {
  const delivery = reports.get(`lag×${scale}`)?.facets.find(({ facet }) => facet === "delivery")?.observation;
  if (delivery?.member === "incremental")
    console.log(`lag ×${scale}: median ${delivery.medianLagMs.toFixed(2)} ms, worst ${delivery.worstLagMs.toFixed(2)} ms`);
}
