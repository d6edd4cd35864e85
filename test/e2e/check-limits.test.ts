// Limits of time in `hopwise check`: as numbers, by a clock that runs faster, and in real time where none does.
import { inWords } from "../../harness/progress.ts";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check } from "../../harness/check/check.ts";
import { checksOf } from "../../harness/check/checks.ts";
import { readSubject } from "../../harness/check/subject.ts";
import type { CheckReport, CheckRoute } from "../../harness/report/check-report.ts";
import { openContainer } from "../../harness/runtime/container.ts";
import type { ContainerRuntime } from "../../harness/runtime/container.ts";
import { built, ensureImage, recipeOf } from "../../harness/runtime/images.ts";
import { tar } from "../../harness/runtime/tar.ts";
import nginx from "../../proxies/nginx.ts";
import { hopwise } from "./_cli.ts";
import { describeWithEngine, engine } from "./engine.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-limits-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const site = (lines: string): string => `upstream app { server web:8000; }
server {
  listen 80;
  server_name app.example;
  location /events {
    proxy_pass http://app;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffering off;
    ${lines}
  }
}
`;

const put = async (name: string, text: string): Promise<string> => {
  await writeFile(join(folder, name), text);
  return name;
};

describe("--max-wait", () => {
  it.each([
    ["0", /'--max-wait <seconds>' argument '0' is invalid\. It must be a number of seconds from 1 to 3600; see/],
    ["-5", /It must be a number of seconds from 1 to 3600/],
    ["3601", /It must be a number of seconds from 1 to 3600/],
    ["a minute", /It must be a number of seconds from 1 to 3600/],
    ["12", /^hopwise: --max-wait 12 is less than the 20 s of silence that must be survived: wait longer, or require less .*\n$/],
  ])("%s is refused in one sentence", async (seconds, sentence) => {
    const { code, out, err } = await hopwise(["check", await put("good.conf", site("")), "--max-wait", seconds], { folder });
    expect({ code, out, lines: err.trim().split("\n").length }).toEqual({ code: 2, out: "", lines: 1 });
    expect(err).toMatch(sentence);
  });
});

interface Asked {
  /** Of the location, beside what a healthy one has. */
  lines?: string;
  image: string;
  surviveMs: number;
  maxWaitMs?: number;
  signal?: AbortSignal;
  onProgress?: (text: string) => void;
}

/** Only what waits for limits. */
const checkIn = async (
  runtime: ContainerRuntime,
  { lines = "", image, surviveMs, maxWaitMs, signal, onProgress = () => {} }: Asked,
): Promise<{ report: CheckReport; route: CheckRoute }> => {
  if (nginx.kind !== "binary") throw new Error("proxies/nginx is no longer a server with a binary");
  const name = await put(`site-${files++}.conf`, site(lines));
  const subject = await readSubject(name, { cwd: folder, env: {} });
  const { report } = await check({
    runtime,
    build: { definition: nginx, version: null, image },
    why: "of this test",
    config: subject.config,
    checks: checksOf("sse", { surviveSilenceMs: surviveMs }, maxWaitMs ?? null),
    given: name,
    purpose: "sse",
    version: "test",
    ...(signal ? { signal } : {}),
    onProgress: inWords(onProgress),
  });
  return { report, route: report.routes[0] as CheckRoute };
};

let files = 0;

const kinds = ({ limits, noLimits = [] }: CheckRoute) => ({
  found: limits.map(({ kind, timeScale }) => `${kind} ×${timeScale}`),
  none: noLimits.map(({ kind, timeScale }) => `${kind} ×${timeScale}`),
});

const secondsOf = ({ limits }: CheckRoute, wanted: string): number => (limits.find(({ kind }) => kind === wanted)?.ms ?? Number.NaN) / 1000;

const outcomesOf = ({ checks }: CheckRoute): string[] =>
  checks.map(({ check: id, scenario: { outcome, why } }) => `${id} ${outcome}${outcome === "fail" ? "" : `: ${why}`}`);

describeWithEngine("timeouts", () => {
  const noApt = "hopwise-test/limits-no-apt:1";
  const wrapped = "hopwise-test/limits-wrapped:1";
  /** What was there before: an image with a faster clock is made of each of ours. */
  const before = new Set<string>();
  let runtime: ContainerRuntime;
  const images = async (): Promise<string[]> => (await engine().docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);

  beforeAll(async () => {
    for (const tag of await images()) before.add(tag);
    if (nginx.kind !== "binary") throw new Error("proxies/nginx is no longer a server with a binary");
    const base = await ensureImage(engine(), recipeOf(nginx), () => {});
    const read = (name: string): Promise<Buffer> => readFile(join(import.meta.dirname, "limits", name));
    const dockerfile = `FROM ${base}\nRUN mv /usr/sbin/nginx /usr/sbin/nginx.real\nCOPY nginx.sh /usr/sbin/nginx\nCOPY total-timeout.pl /usr/local/lib/\n`;
    await built(engine(), tar([{ name: "Dockerfile", kind: "file", body: `FROM ${base}\nRUN rm /usr/bin/apt-get\n` }]), noApt);
    await built(
      engine(),
      tar([
        { name: "Dockerfile", kind: "file", body: dockerfile },
        { name: "nginx.sh", kind: "file", body: await read("nginx.sh"), mode: 0o755 },
        { name: "total-timeout.pl", kind: "file", body: await read("total-timeout.pl") },
      ]),
      wrapped,
    );
    runtime = await openContainer(engine(), () => {});
  }, 120_000);

  afterAll(async () => {
    await runtime[Symbol.asyncDispose]();
    for (const tag of (await images()).filter((one) => /^hopwise(?:-test\/limits|\/time:)/.test(one) && !before.has(one)))
      // oxlint-disable-next-line no-await-in-loop
      await engine().docker.getImage(tag).remove();
  });

  it("are waited for in real time where an image's clock cannot be run faster, and it is said why", async () => {
    const asked = { lines: "proxy_read_timeout 3s;", image: noApt, maxWaitMs: 4000 };
    const { report, route } = await checkIn(runtime, { ...asked, surviveMs: 2000 });
    expect(report.realTime).toMatch(/cannot run with a faster clock in hopwise-test\/limits-no-apt:1: .*no apt-get/);
    expect(kinds(route)).toEqual({ found: ["idle-timeout ×1", "first-byte-timeout ×1"], none: ["total-timeout ×1"] });
    expect([secondsOf(route, "idle-timeout"), secondsOf(route, "first-byte-timeout")]).toEqual([
      expect.closeTo(3, 0),
      expect.closeTo(3, 0),
    ]);
    // Three seconds are more than the two that must be survived.
    expect(outcomesOf(route).filter((text) => text.endsWith("fail"))).toEqual([]);
    expect(report.findings).toMatchObject([{ rule: "timed-out", level: "note", at: { line: 10 }, fix: null }]);
    const schema = JSON.parse(await readFile(join(import.meta.dirname, "../../harness/report/check.schema.json"), "utf8")) as object;
    expect(new Ajv({ strict: false }).validate(schema, report)).toBe(true);
  });

  it("have their line and their fix there too, and both of one line are one finding", async () => {
    const asked = { lines: "proxy_read_timeout 1s;", image: noApt, maxWaitMs: 4000 };
    const { report, route } = await checkIn(runtime, { ...asked, surviveMs: 2000 });
    expect(outcomesOf(route)).toEqual(["silence fail", "first-byte fail"]);
    expect(report.findings).toMatchObject([
      {
        rule: "timed-out",
        culprit: { at: { line: 10 }, directive: "proxy_read_timeout 1s" },
        fix: { title: expect.stringContaining("1h") },
      },
    ]);
  });

  it("are never said to be none by a clock that was only meant to run faster", async () => {
    const { report, route } = await checkIn(runtime, { image: wrapped, surviveMs: 2000, maxWaitMs: 4000 });
    expect(report.realTime).toMatch(/was started with a clock that runs 4× faster, but its clock does not: between two of its/);
    expect(kinds(route)).toEqual({ found: [], none: ["idle-timeout ×1", "total-timeout ×1", "first-byte-timeout ×1"] });
    for (const { atLeastMs } of route.noLimits ?? []) expect(atLeastMs).toBeLessThan(6000);
  });

  it("are found on what flows all the time, too", async () => {
    const { report, route } = await checkIn(runtime, { lines: "# a total limit", image: wrapped, surviveMs: 50_000 });
    expect(report.realTime).toBeUndefined();
    expect(outcomesOf(route)).toEqual(["silence fail", "first-byte fail"]);
    expect(kinds(route)).toEqual({ found: ["total-timeout ×60", "first-byte-timeout ×60"], none: [] });
    expect(secondsOf(route, "total-timeout")).toBeGreaterThan(38);
    expect(secondsOf(route, "total-timeout")).toBeLessThan(43);
    expect(report.findings).toMatchObject([
      {
        rule: "timed-out",
        culprit: null,
        evidence: expect.stringMatching(/, counted from the request, in spite of heartbeats; measured in \d+ ms with a clock that ran 60×/),
      },
    ]);
  });

  it("show how long is left to wait, and end immediately on Ctrl-C", async () => {
    const interruption = new AbortController();
    const reported: string[] = [];
    let abortedAt = 0;
    const { report, route } = await checkIn(runtime, {
      image: noApt,
      surviveMs: 20_000,
      signal: interruption.signal,
      onProgress: (text) => {
        reported.push(text);
        if (!text.includes("real time") || abortedAt > 0) return;
        abortedAt = performance.now();
        interruption.abort();
      },
    });
    expect(performance.now() - abortedAt).toBeLessThan(5000);
    expect(reported.find((text) => text.includes("real time"))).toMatch(/^waiting for timeouts in real time, at most 8\d s more$/);
    expect(report).toMatchObject({ interrupted: true, findings: [] });
    expect(outcomesOf(route)).toEqual(["silence inconclusive: it was interrupted", "first-byte inconclusive: it was interrupted"]);
  });
});
