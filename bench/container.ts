// From the request to start an nginx container to its first 200: as a hop of the container runtime, for which the lab connects, compared
// with testcontainers' default wait, with the same image and configuration.
import { inWords } from "../harness/progress.ts";
import { setTimeout as delay } from "node:timers/promises";
import { GenericContainer, PullPolicy } from "testcontainers";
import type { BinaryServer } from "../harness/define.ts";
import { now } from "../harness/lab/clock.ts";
import { askForEngine } from "../harness/session/choose-runtime.ts";
import { openContainer } from "../harness/runtime/container.ts";
import { ensureImage, recipeOf } from "../harness/runtime/images.ts";
import type { Runtime } from "../harness/runtime/runtime.ts";
import nginx from "../proxies/nginx.ts";
import { medianOf, Skipped } from "./_figure.ts";
import type { Figure, Progress } from "./_figure.ts";

const times = 5;
const port = 8080;
const file = "/nginx.conf";

const configuration = (listenPort: number): string =>
  `user root; worker_processes 1; pid /tmp/nginx.pid; error_log stderr warn; events {}\nhttp { access_log off; server { listen ${listenPort}; location / { return 200; } } }\n`;

if (nginx.kind !== "binary") throw new Error("proxies/nginx is no longer a server with a binary");
const definition: BinaryServer = { ...nginx, files: ({ listenPort }) => ({ "nginx.conf": configuration(listenPort) }) };
const settings = definition.variants.default;

export const measure = async (progress: Progress): Promise<Figure[]> => {
  const engine = await askForEngine();
  if (engine === null) throw new Skipped('no container engine answers (Debian: "npm run prepare-engine")');
  const image = await ensureImage(engine, recipeOf(definition), inWords(progress));
  await using runtime = await openContainer(engine, inWords(progress));
  const ways = { own: () => ownWay(runtime), default: () => defaultWay(image) };
  const samples = { own: [] as number[], default: [] as number[] };
  // The first of each is a warm-up: nginx's version, the image in the page cache.
  for (let time = -1; time < times; time++) {
    progress(`container ${time + 1} of ${times}`);
    const order = ["own", "default"] as const;
    for (const way of time % 2 === 0 ? order : order.toReversed()) {
      const tookMs = await ways[way]();
      if (time >= 0) samples[way].push(tookMs);
    }
  }
  const [own, usual] = [medianOf(samples.own), medianOf(samples.default)];
  const name = "testcontainers' default wait, median";
  return [
    { name: "Hopwise's way, median", value: own, unit: "ms", ratioTo: { name, ratio: own / usual } },
    { name: "Hopwise's way, slowest", value: Math.max(...samples.own), unit: "ms" },
    { name, value: usual, unit: "ms" },
    { name: "testcontainers' default wait, slowest", value: Math.max(...samples.default), unit: "ms" },
  ];
};

const ownWay = async (runtime: Runtime): Promise<number> => {
  const from = now();
  await using server = await runtime.start({ kind: "binary", hop: "nginx", definition, variant: "default", settings, image: null }, 1);
  await first200(async () => (await runtime.lab.ask("fetch", { address: server.address, path: "/", withinMs: 1000 })).status);
  return now() - from;
};

const defaultWay = async (image: string): Promise<number> => {
  const from = now();
  const container = await new GenericContainer(image)
    .withPullPolicy(PullPolicy.neverPull())
    .withEntrypoint(["nginx", "-c", file, "-g", "daemon off;"])
    .withCopyContentToContainer([{ content: configuration(port), target: file }])
    .withExposedPorts(port)
    .start();
  try {
    const url = `http://${container.getHost()}:${container.getMappedPort(port)}/`;
    await first200(async () => (await fetch(url)).status);
    return now() - from;
  } finally {
    await container.stop({ timeout: 0 });
  }
};

const first200 = async (ask: () => Promise<number>): Promise<void> => {
  for (const untilAt = now() + 10_000; now() < untilAt; await delay(5)) if ((await ask().catch(() => 0)) === 200) return;
  throw new Error("nginx did not answer 200 within 10 s");
};
