// scratch
import { openCatalog } from "../harness/catalog.ts";
import { openRuntime } from "../harness/runtime/choose.ts";
import { run } from "../harness/run.ts";
const ids = process.argv.slice(3);
const catalog = openCatalog();
await using runtime = await openRuntime(process.argv[2] as "process", { onProgress: (t: string) => console.log("..", t) });
const scenarios = ids.length ? ids.map((id) => catalog.scenarios.find(id, "cli")) : catalog.scenarios.entries;
const report = await run({ catalog, scenarios, runtime, version: "0", onProgress: (t) => console.log("..", t), onScenario: (s) => { console.log(s.outcome.padEnd(14), s.headline.padEnd(20), s.id, "|", s.culprit, "|", s.why, s.tookMs); if (process.env['V']) console.log(JSON.stringify({f: s.facets.map(({hops, ...f}) => f), u: s.undecided, arms: s.arms}, null, 1)); } });
console.log(report.control, report.tookMs, report.versions);
