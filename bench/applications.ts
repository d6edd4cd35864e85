// `node bench/applications.ts`: what streaming costs and saves in real applications: memory, time to the first byte, total time, and how much
// the size of an item matters. Its output is results/applications.json, from which `npm run claims` renders a part of docs/claims.md.
//   --only <regex>   measures chains that match, and keeps the others' figures
import { inWords } from "../harness/progress.ts";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openCatalog } from "../harness/catalog/catalog.ts";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { planChain } from "../harness/session/chain.ts";
import type { Scenario } from "../harness/define.ts";
import { Instances } from "../harness/session/instances.ts";
import { now } from "../harness/lab/clock.ts";
import { totalsOf } from "../harness/model/samples.ts";
import type { HopSamples } from "../harness/model/samples.ts";
import type { RunningServer } from "../harness/runtime/runtime.ts";
import { startSampling } from "../harness/runtime/sampling.ts";
import { openRuntime } from "../harness/session/choose-runtime.ts";
import { openSession } from "../harness/session/session.ts";
import { requestBeside } from "./_application-client.ts";
import type { Figures, How, ItemFigure, MemoryFigure } from "./_application-figures.ts";
import { optionsOf } from "../scripts/_options.ts";

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const kB = 1000;
const MB = 1000 * kB;
const usualItem = 10 * kB;
const slowBytesPerSecond = 10 * MB;

const chains: { chain: Scenario["chain"]; view: string; sizes: number[]; hows: How[]; slow: number | null; items: boolean }[] = [
  {
    chain: [{ app: "django:gthread" }],
    view: "/bulk",
    sizes: [100 * kB, MB, 10 * MB, 100 * MB],
    hows: ["stream", "csv", "whole"],
    slow: 30 * MB,
    items: true,
  },
  {
    chain: [{ app: "django:uvicorn" }],
    view: "/bulk-async",
    sizes: [100 * kB, MB, 10 * MB, 100 * MB],
    hows: ["stream", "whole"],
    slow: 30 * MB,
    items: true,
  },
  {
    chain: [{ app: "django:gthread" }, "nginx:http-1.1"],
    view: "/bulk",
    sizes: [MB, 100 * MB],
    hows: ["stream"],
    slow: 30 * MB,
    items: false,
  },
  {
    chain: [{ app: "django:gthread" }, "nginx:unbuffered"],
    view: "/bulk",
    sizes: [MB, 100 * MB],
    hows: ["stream"],
    slow: 30 * MB,
    items: false,
  },
  {
    chain: [{ app: "django:gthread" }, "varnish:pass"],
    view: "/bulk",
    sizes: [MB, 100 * MB],
    hows: ["stream"],
    slow: 30 * MB,
    items: false,
  },
];

/** A row of a few bytes is an item of its own: half a second for a megabyte. */
const largest: Record<How, number> = { stream: Infinity, whole: Infinity, csv: 10 * MB };

const itemSizes = [1, 10, 100, kB, 10 * kB, 100 * kB, MB];
/** Fewer bytes where each is an item of its own: a second or so for each size. */
const bytesOf = (itemBytes: number): number => Math.min(20 * MB, 20_000 * itemBytes);

const targetOf = (view: string, how: How, bytes: number, item: number): string => `${view}?how=${how}&bytes=${bytes}&item=${item}`;

const memoryOf = async (
  { chain, view }: (typeof chains)[number],
  servers: readonly RunningServer[],
  { how, bytes, reader }: Pick<MemoryFigure, "how" | "bytes" | "reader">,
): Promise<MemoryFigure> => {
  const last = servers.at(-1) as RunningServer;
  const samplings = await Promise.all(servers.map((server) => startSampling(server, { kinds: ["memory"], everyMs: 1000 })));
  const answer = await requestBeside(last, targetOf(view, how, bytes, usualItem), reader === "slow" ? slowBytesPerSecond : null);
  const sampled = await Promise.all(samplings.map((sampling) => sampling.stop(now())));
  if (answer.status !== 200 || answer.bodyBytes < bytes) throw new Error(`${view}: status ${answer.status}, ${answer.bodyBytes} bytes`);
  return {
    chain: chain.map((one) => (typeof one === "string" ? one : "app" in one ? one.app : one.server)),
    how,
    bytes,
    reader,
    firstByteMs: Math.round(10 * answer.firstByteMs) / 10,
    totalMs: Math.round(10 * answer.totalMs) / 10,
    resident: Object.fromEntries(sampled.map((one) => [one.hop, totalsOf(memoryIn(one))])),
    tracedKb: null,
  };
};

const memoryIn = ({ hop, memory, problems }: HopSamples): NonNullable<HopSamples["memory"]> => {
  if (memory) return memory;
  throw new Error(`The memory of ${hop} was not sampled: ${problems.map(({ problem }) => problem).join(", ")}`);
};

const tracedOf = async (server: RunningServer, target: string): Promise<number> => {
  await requestBeside(server, `${target}&traced=yes`);
  return Math.round(Number((await requestBeside(server, "/traced")).text.match(/\d{3,}/)?.[0]) / 1024);
};

const { only } = optionsOf({ options: { only: { type: "string" } } }).values;
const wanted = new RegExp(only ?? "");
const file = join(packageRoot, "results/applications.json");
const nameOf = (chain: readonly unknown[]): string => JSON.stringify(chain);
const figures: Figures = JSON.parse(
  await readFile(file, "utf8").catch(() => '{"measuredOn":"","versions":{},"memory":[],"items":[]}'),
) as Figures;

const catalog = openCatalog();
await using runtime = await openRuntime("container", { onProgress: inWords(say) });
await using session = await openSession(runtime);
await using instances = new Instances(runtime, session.sampler);
for (const plan of chains) {
  const { chain, view, sizes, hows, slow, items } = plan;
  if (!wanted.test(nameOf(chain))) continue;
  const scenario: Scenario = { title: "figures", chain, trial: { kind: "paced" }, must: { end: "complete" } };
  const { servers } = await planChain(catalog, "figures", scenario);
  instances.reserve(servers);
  const { instances: started } = await instances.start(servers);
  const running = started.map((one) => one.running);
  const last = running.at(-1) as RunningServer;
  // Whatever is loaded with the first request is no part of what the next ones need.
  for (const how of hows) await requestBeside(last, targetOf(view, how, 100 * kB, usualItem));
  // What needs little comes first, and then by size: memory that was freed would hide what a later response needs.
  const readers = [
    ...sizes.map((bytes) => ({ bytes, reader: "fast" as const })),
    ...(slow === null ? [] : [{ bytes: slow, reader: "slow" as const }]),
  ];
  const wantedFigures = hows.flatMap((how) =>
    readers.toSorted((one, other) => one.bytes - other.bytes).flatMap((one) => (one.bytes <= largest[how] ? [{ how, ...one }] : [])),
  );
  const memory: MemoryFigure[] = [];
  for (const one of wantedFigures) memory.push(await memoryOf(plan, running, one));
  // Last, for the same reason: what counts needs memory itself.
  if (running.length === 1)
    for (const one of memory) if (one.reader === "fast") one.tracedKb = await tracedOf(last, targetOf(view, one.how, one.bytes, usualItem));
  for (const one of memory) say(JSON.stringify(one));
  const name = memory[0]?.chain ?? [];
  const sized: ItemFigure[] = [];
  for (const itemBytes of items ? itemSizes : []) {
    const bytes = bytesOf(itemBytes);
    const { totalMs, bodyBytes } = await requestBeside(last, targetOf(view, "stream", bytes, itemBytes));
    sized.push({ chain: name, itemBytes, bytes, wireBytes: bodyBytes, totalMs: Math.round(10 * totalMs) / 10 });
    say(JSON.stringify(sized.at(-1)));
  }
  figures.memory = [...figures.memory.filter((one) => nameOf(one.chain) !== nameOf(name)), ...memory];
  figures.items = [...figures.items.filter((one) => nameOf(one.chain) !== nameOf(name)), ...sized];
  figures.versions = { ...figures.versions, ...instances.versions };
  figures.measuredOn = new Date().toISOString().slice(0, 10);
  await writeFile(file, `${JSON.stringify(figures, null, 2)}\n`);
}
