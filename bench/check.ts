// `hopwise check` as a user waits for it, from the start of the command to its report: of a healthy route; of one with a fault, with its line
// and a proven fix; and of three routes with ten findings.
import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { now } from "../harness/lab/clock.ts";
import type { CheckReport } from "../harness/report/check-report.ts";
import { askForEngine } from "../harness/session/choose-runtime.ts";
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
  reportS: number;
  /** Until everything that it started is stopped. */
  wholeS: number;
  report: CheckReport;
}

export const measure = async (progress: Progress): Promise<Figure[]> => {
  if ((await askForEngine()) === null) throw new Skipped('no container engine answers (Debian: "npm run prepare-engine")');
  const folder = await mkdtemp(join(tmpdir(), "hopwise-bench-"));
  try {
    const of = (title: string, locations: string): Promise<Timed> => {
      progress(title);
      return timed(folder, locations);
    };
    // The first one pays for what later ones find done.
    await of("a first one", healthyRoute);
    const healthy = await of("a healthy route", healthyRoute);
    const faulty = await of("a route with one fault", faultyRoute);
    const three = await of("three routes with faults", faultyRoutes);
    return [
      { name: "a healthy route", value: healthy.reportS, unit: "s", aim: 6 },
      { name: "its trials that failed or were not judged", value: notPassed(healthy.report), unit: "trials", aim: 0 },
      { name: "until its containers are removed", value: healthy.wholeS, unit: "s" },
      { name: "a route with one fault: line and proven fix", value: faulty.reportS, unit: "s", aim: 10 },
      { name: "its fixes proven", value: provenIn(faulty.report), unit: "findings" },
      { name: "until its containers are removed", value: faulty.wholeS, unit: "s" },
      { name: "three routes with faults", value: three.reportS, unit: "s", aim: 20 },
      { name: "their findings", value: three.report.findings.length, unit: "findings" },
      { name: "of them with a proven fix", value: provenIn(three.report), unit: "findings" },
      { name: "until their containers are removed", value: three.wholeS, unit: "s" },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const notPassed = ({ routes }: CheckReport): number =>
  routes.flatMap(({ checks }) => checks.filter(({ scenario }) => scenario.outcome !== "pass")).length;

const provenIn = ({ findings }: CheckReport): number => findings.filter(({ fix }) => fix !== null).length;

const command = [join(packageRoot, "bin/hopwise.cjs"), "check", "nginx.conf", "--reporter", "json"];

type Piped = ChildProcessByStdio<null, Readable, Readable>;

const timed = async (folder: string, locations: string): Promise<Timed> => {
  await writeFile(join(folder, "nginx.conf"), configuration(locations));
  const from = now();
  const secondsSince = (): number => (now() - from) / 1000;
  // When this process ends, the channel does, and so does the command.
  const child = spawn(process.execPath, command, { cwd: folder, stdio: ["ignore", "pipe", "pipe", "ipc"] }) as Piped;
  const ended = once(child, "exit") as Promise<[number | null]>;
  let reportS = 0;
  child.stdout.once("data", () => (reportS = secondsSince()));
  const [output, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const wholeS = secondsSince();
  if (output === "") throw new Error(`hopwise check ended with exit code ${code} and no report: ${said}`);
  return { reportS, wholeS, report: JSON.parse(output) as CheckReport };
};
