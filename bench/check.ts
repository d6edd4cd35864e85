// `hopwise check` of one route: all standard trials, and what it takes besides to find the culprit line of one fault and to prove its fix.
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

const configuration = (more: string): string => `upstream app { server web:8000; }
server {
  listen 80;
  location /events {
    proxy_pass http://app;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffering off;${more}
  }
}
`;

const fault = "\n    chunked_transfer_encoding off;";

interface Timed {
  tookMs: number;
  trialsMs: number;
  report: CheckReport;
}

export const measure = async (progress: Progress): Promise<Figure[]> => {
  const engine = await askForEngine();
  if (engine === null) throw new Skipped('no container engine answers (Debian: "npm run prepare-engine")');
  const folder = await mkdtemp(join(tmpdir(), "hopwise-bench-"));
  try {
    await using runtime = await openContainer(engine, inWords(progress));
    // The first one pays for what later ones find done.
    await timed(runtime, folder, "", progress);
    const healthy = await timed(runtime, folder, "", progress);
    const faulty = await timed(runtime, folder, fault, progress);
    return [
      { name: "one route, all standard trials", value: healthy.tookMs / 1000, unit: "s", aim: 12 },
      { name: "of them failed or not judged", value: notPassed(healthy.report), unit: "scenarios", aim: 0 },
      { name: "one fault: line and proven fix besides", value: (faulty.tookMs - faulty.trialsMs) / 1000, unit: "s", aim: 15 },
      { name: "fixes proven", value: faulty.report.findings.filter(({ fix }) => fix !== null).length, unit: "scenarios" },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const notPassed = ({ routes }: CheckReport): number =>
  routes.flatMap(({ checks }) => checks.filter(({ scenario }) => scenario.outcome !== "pass")).length;

const timed = async (runtime: ContainerRuntime, folder: string, more: string, progress: Progress): Promise<Timed> => {
  if (nginx.kind !== "binary") throw new Error("proxies/nginx is no longer a server with a binary");
  await writeFile(join(folder, "nginx.conf"), configuration(more));
  const subject = await readSubject("nginx.conf", { cwd: folder, env: {} });
  const from = now();
  let trialsMs = 0;
  const { report } = await check({
    runtime,
    build: { definition: nginx, version: null, image: null },
    why: "as Hopwise builds it",
    config: subject.config,
    checks: checksOf("sse"),
    given: "nginx.conf",
    purpose: "sse",
    version: "bench",
    onProgress: inWords((text) => {
      if (/ trials on /.test(text)) trialsMs = now() - from;
      progress(text);
    }),
  });
  return { tookMs: now() - from, trialsMs, report };
};
