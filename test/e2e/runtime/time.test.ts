// A limit takes as long by a clock that runs faster as it does in real time, and nothing else changes.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../../harness/catalog/catalog.ts";
import type { Scenario } from "../../../harness/define.ts";
import type { Report, ScenarioReport } from "../../../harness/report/report.ts";
import { run } from "../../../harness/session/run.ts";
import { startContainer } from "../../../harness/runtime/engine-start.ts";
import { openRuntime } from "../../../harness/session/choose-runtime.ts";
import { built, ensureImage, nodeRecipe, recipeOf } from "../../../harness/runtime/images.ts";
import { UnsupportedError } from "../../../harness/errors.ts";
import { tar } from "../../../harness/runtime/tar.ts";
import { clocked } from "../../../harness/runtime/time/clock.ts";
import { hopwise, reportOf, scenarioOf } from "../_cli.ts";
import { describeWithEngine, engine } from "../engine.ts";
import nginx from "../../../proxies/nginx.ts";
import { binaryPlan } from "./_plans.ts";

const catalog = openCatalog({ servers: [join(import.meta.dirname, "time/fixtures")] });

const limitMs = 10_000;
const versions = ["1.18", "1.22", "1.26", "1.30"];

const waiting = (server: string, timeScale: number): Scenario => ({
  title: `${server} stops waiting for an origin that sends nothing for ten seconds`,
  chain: [{ app: "sse" }, server],
  timeScale,
  trial: { kind: "first-byte-wait", waitMs: 12_000 },
  does: { end: "error-response", cause: "first-byte-timeout", culprit: server.split("@")[0] ?? server },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
});

const silent = (server: string, timeScale: number): Scenario => ({
  title: `${server} cuts what is silent for ten seconds`,
  chain: [{ app: "sse" }, server],
  timeScale,
  trial: { kind: "silence", silentMs: 12_000 },
  does: { end: "truncated-visibly", cause: "idle-timeout", culprit: server.split("@")[0] ?? server },
  because: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_read_timeout",
});

const streaming: Scenario = {
  title: "A clock that runs faster passes records on as soon as any other",
  chain: [{ app: "sse" }, "nginx-ten"],
  timeScale: 20,
  trial: { kind: "lock-step", records: 100 },
  must: { deliver: "incrementally" },
};

const scenarios: Record<string, Scenario> = {
  real: waiting("nginx-ten", 1),
  "compressed-10": waiting("nginx-ten", 10),
  "compressed-50": waiting("nginx-ten", 50),
  ...Object.fromEntries(versions.map((version) => [`compressed-20@${version}`, waiting(`nginx-ten@${version}`, 20)])),
  "silence-10": silent("nginx-ten", 10),
  "silence-20": silent("nginx-ten", 20),
  haproxy: silent("haproxy-ten", 20),
  streaming,
};

describe("hopwise run --time-scale", () => {
  it.each([
    [["nginx-cuts-a-silent-stream", "--time-scale", "0"], /argument '0' is invalid\. It must be an integer from 1 to 100; see/],
    [
      ["nginx-cuts-a-silent-stream", "--time-scale", "2", "--runtime", "process"],
      /--time-scale needs containers, .*: use --runtime container/,
    ],
    [["--hop", "node x.js", "--time-scale", "2"], /--time-scale needs containers/],
    [
      ["nginx-drops-its-upstream", "--time-scale", "20"],
      /--time-scale 20 has no effect on these scenarios: it needs a trial that waits for a timeout/,
    ],
  ])("refuses %j in one sentence", async (args, sentence) => {
    const { code, out, err } = await hopwise(["run", ...args]);
    expect({ code, out, lines: err.trim().split("\n").length }).toEqual({ code: 2, out: "", lines: 1 });
    expect(err).toMatch(sentence);
  });
});

describeWithEngine("time compression", () => {
  let report: Report;
  const reported = (id: string): ScenarioReport => report.scenarios.find((one) => one.id === id) as ScenarioReport;
  const limitOf = (id: string): number => reported(id).limits[0]?.ms ?? Number.NaN;

  beforeAll(async () => {
    await using runtime = await openRuntime("container");
    const entries = Object.entries(scenarios).map(([id, scenario]) => ({ id, file: "", load: async () => scenario }));
    report = await run({ catalog, scenarios: entries, runtime, version: "0.0.0" });
  }, 300_000);

  /** 2 % or one tick of a timer of milliseconds, and the worst that this machine did to a stream meanwhile, by the server's clock: each limit
   *  is measured once. */
  const toleranceMs = (timeScale: number): number => Math.max(0.02 * limitMs, timeScale * Math.max(1, report.control?.maxMs ?? 0));

  it.each(Object.keys(scenarios))("%s is as known", (id) => {
    expect(reported(id), reported(id).why).toMatchObject({ outcome: "pass" });
  });

  it("measures a limit of ten seconds in real time", () => {
    expect(Math.abs(limitOf("real") - limitMs)).toBeLessThan(toleranceMs(1));
    expect(reported("real").timeScale).toBeUndefined();
  });

  it.each([
    ["compressed-10", 10],
    ...versions.map((version) => [`compressed-20@${version}`, 20] as const),
    ["compressed-50", 50],
    ["silence-10", 10],
    ["silence-20", 20],
    ["haproxy", 20],
  ] as const)("%s agrees with it", (id, timeScale) => {
    expect(Math.abs(limitOf(id) - limitOf("real"))).toBeLessThan(toleranceMs(timeScale) + toleranceMs(1) - 0.02 * limitMs);
    expect(reported(id).timeScale).toBe(timeScale);
    const [trialCase] = reported(id).cases;
    // It did not take as long.
    expect(trialCase?.connections.at(-1)?.endedAtMs).toBeLessThan((1.5 * limitMs) / timeScale);
  });

  it("passes records on in less than a millisecond", () => {
    const [delivery] = reported("streaming").facets.filter(({ facet }) => facet === "delivery");
    if (delivery?.observation.member !== "incremental") expect.fail("it was not incremental");
    expect(delivery.observation.medianLagMs).toBeLessThan(1 + (report.control?.p50Ms ?? 0));
  });

  it("is never asked whose body it is", () => {
    expect(reported("streaming").facets.map(({ facet }) => facet)).not.toContain("source");
    expect(reported("streaming").inconclusive).toEqual([{ facet: "source", case: "lock-step", why: expect.stringMatching(/20× faster/) }]);
    expect(reported("real").inconclusive).toEqual([]);
  });

  it("is what --time-scale asks for", async () => {
    const ids = ["nginx-cuts-a-silent-stream", "nginx-drops-its-upstream"];
    const ended = await hopwise(["run", ...ids, "--time-scale", "4", "--reporter", "json"]);
    expect(ended.code).toBe(0);
    const [cuts, drops] = ids.map((id) => scenarioOf(reportOf(ended), id));
    expect(reportOf(ended)).toMatchObject({ timeScale: 4, runtime: "container" });
    expect(cuts).toMatchObject({ timeScale: 4, limits: [{ kind: "idle-timeout", culprit: "nginx" }] });
    expect(cuts?.reproduce).toContain("--time-scale 4 --runtime container");
    expect(Math.abs((cuts?.limits[0]?.ms ?? 0) - 1000)).toBeLessThan(4 * Math.max(5, 3 * (reportOf(ended).control?.netP99Ms ?? 0)));
    expect(drops).not.toHaveProperty("timeScale");
  });

  it("divides time-outs of sockets, which are the kernel's", async () => {
    const plan = { ...binaryPlan("proxy", nginx), timeScale: 20 };
    const image = await ensureImage(engine(), recipeOf(plan.definition), () => {});
    const { image: withClock, environment } = await clocked(engine(), image, plan, () => {});
    const said = new Map<string, number>();
    const program = `use Socket; $| = 1; socketpair(A, B, AF_UNIX, SOCK_STREAM, 0); setsockopt(A, SOL_SOCKET, SO_RCVTIMEO, pack("qq", 10, 0));
      print "begin ", time, "\\n"; sysread(A, $x, 1); print "end ", time, "\\n";`;
    const container = await startContainer(engine(), {
      title: "A reader",
      image: withClock,
      entrypoint: ["perl", "-e", program],
      environment,
      labels: {},
      network: "none",
      capabilities: [],
      onLine: (line) => said.set(line, performance.now()),
    });
    try {
      expect(await container.exited).toEqual({ code: 0 });
      const [[begin, from] = ["", 0], [end, to] = ["", 0]] = [...said];
      expect(Math.abs(to - from - limitMs / 20)).toBeLessThan(100);
      // Its own clock says that it waited for all of them.
      expect(Number(end.slice(4)) - Number(begin.slice(6))).toBeGreaterThanOrEqual(9);
    } finally {
      await container.stop();
    }
  });

  it.each([
    ["nothing but its server", "FROM scratch\nCOPY Dockerfile /\n"],
    ["another system's packages", `FROM debian:${nodeRecipe.release}-slim\nRUN rm /usr/bin/apt-get\n`],
  ])("says that an image with %s cannot be compressed", async (_, body) => {
    const image = "hopwise-test/no-apt:1";
    await built(engine(), tar([{ name: "Dockerfile", kind: "file", body }]), image);
    try {
      const start = clocked(engine(), image, { ...binaryPlan("proxy", nginx), timeScale: 20 }, () => {});
      await expect(start).rejects.toThrow(/^Hop "proxy" \(nginx\) cannot run with a faster clock in hopwise-test\/no-apt:1: .*no apt-get/);
      await expect(start).rejects.toBeInstanceOf(UnsupportedError);
    } finally {
      await engine().docker.getImage(image).remove();
    }
  });
});
