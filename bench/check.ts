// `hopwise check` from the command to the report: of a healthy route; of one with a fault, with its line and a proven fix; and of three routes
// with ten findings.
import { inWords } from "../harness/progress.ts";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../harness/check/check.ts";
import { checksOf } from "../harness/check/checks.ts";
import { readSubject } from "../harness/check/subject.ts";
import { now } from "../harness/lab/clock.ts";
import type { CheckReport } from "../harness/report/check-report.ts";
import { askForEngine } from "../harness/session/choose-runtime.ts";
import { openContainer } from "../harness/runtime/container.ts";
import type { ContainerRuntime } from "../harness/runtime/container.ts";
import nginx from "../proxies/nginx.ts";
import { Skipped } from "./_figure.ts";
import type { Figure, Progress } from "./_figure.ts";

/** Each of these streams, unless more says otherwise. */
const location = (path: string, more: string): string => `  location ${path} {
    proxy_pass http://app;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffering off;${more}
  }
`;

const configuration = (locations: string): string => `proxy_cache_path /tmp/cache keys_zone=cache:1m;
upstream app { server web:8000; }
server {
  listen 80;
${locations}}
`;

const fault = "\n    chunked_transfer_encoding off;";
const impatient = "\n    proxy_read_timeout 10s;\n    proxy_ignore_client_abort on;";

const healthyRoute = location("/events", "");
const faultyRoute = location("/events", fault);
const faultyRoutes = [
  location("/events", `${fault}${impatient}`),
  location("/feed", "\n    proxy_cache cache;\n    proxy_cache_valid 200 1m;").replace("proxy_buffering off", "proxy_buffering on"),
  location("/tokens", impatient),
].join("");

interface Timed {
  tookMs: number;
  starting: Starting;
  report: CheckReport;
}

export const measure = async (progress: Progress): Promise<Figure[]> => {
  const engine = await askForEngine();
  if (engine === null) throw new Skipped('no container engine answers (Debian: "npm run prepare-engine")');
  const folder = await mkdtemp(join(tmpdir(), "hopwise-bench-"));
  try {
    await using runtime = await openContainer(engine, inWords(progress));
    // The first one pays for what later ones find done.
    await timed(runtime, folder, healthyRoute, progress);
    const healthy = await timed(runtime, folder, healthyRoute, progress);
    const faulty = await timed(runtime, folder, faultyRoute, progress);
    const three = await timed(runtime, folder, faultyRoutes, progress);
    return [
      { name: "a healthy route", value: healthy.tookMs / 1000, unit: "s", aim: 6 },
      { name: "its trials that failed or were not judged", value: notPassed(healthy.report), unit: "trials", aim: 0 },
      { name: "a route with one fault: line and proven fix", value: faulty.tookMs / 1000, unit: "s", aim: 10 },
      { name: "its fixes proven", value: provenIn(faulty.report), unit: "findings" },
      { name: "three routes with faults", value: three.tookMs / 1000, unit: "s", aim: 20 },
      { name: "time in which servers were starting", value: three.starting.tookMs / 1000, unit: "s" },
      { name: "servers started", value: three.starting.servers, unit: "servers" },
      { name: "their findings", value: three.report.findings.length, unit: "findings" },
      { name: "of them with a proven fix", value: provenIn(three.report), unit: "findings" },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const notPassed = ({ routes }: CheckReport): number =>
  routes.flatMap(({ checks }) => checks.filter(({ scenario }) => scenario.outcome !== "pass")).length;

const provenIn = ({ findings }: CheckReport): number => findings.filter(({ fix }) => fix !== null).length;

const timed = async (runtime: ContainerRuntime, folder: string, locations: string, progress: Progress): Promise<Timed> => {
  if (nginx.kind !== "binary") throw new Error("proxies/nginx is no longer a server with a binary");
  await writeFile(join(folder, "nginx.conf"), configuration(locations));
  const subject = await readSubject("nginx.conf", { cwd: folder, env: {} });
  const starting = { tookMs: 0, servers: 0 };
  const from = now();
  let tookMs = 0;
  const { report } = await check({
    runtime: { ...runtime, startConfigured: timing(runtime.startConfigured, starting) },
    build: { definition: nginx, version: null, image: null },
    why: "as Hopwise builds it",
    config: subject.config,
    checks: checksOf("sse"),
    given: "nginx.conf",
    purpose: "sse",
    version: "bench",
    onProgress: inWords(progress),
    onChecked: async () => void (tookMs = now() - from),
  });
  return { tookMs, starting, report };
};

interface Starting {
  servers: number;
  /** While at least one was starting. */
  tookMs: number;
}

const timing = (start: ContainerRuntime["startConfigured"], into: Starting): ContainerRuntime["startConfigured"] => {
  let running = 0;
  let from = 0;
  return async (...plan) => {
    into.servers++;
    if (running++ === 0) from = now();
    try {
      return await start(...plan);
    } finally {
      if (--running === 0) into.tookMs += now() - from;
    }
  };
};
