// A user's own application as the origin: its hops are judged, and what cannot be known about the application is not.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Trace } from "../../harness/model/trace.ts";
import type { Report } from "../../harness/report/report.ts";
import { hopwise, inPool, reportOf } from "./_cli.ts";

const folder = join(import.meta.dirname, "applications");
const command = (file: string): string => `${process.execPath} ${join(import.meta.dirname, file)}`;

interface Case {
  path: string;
  hops: string[];
  grep?: string;
  code: number;
  /** Each scenario's outcome. */
  outcomes: Record<string, string>;
  /** The verdicts on the hops: facet, member, culprit. */
  accused: string[];
  why?: RegExp;
}

const straight = { watch: "pass", "watch-gzip": "pass", "client-leaving": "pass" };

const cases: Record<string, Case> = {
  "is clean through a straight pipe": { path: "/events", hops: ["--through", "http-pipe"], code: 0, outcomes: straight, accused: [] },
  "is clean through a straight pipe, though it never ends": {
    path: "/endless",
    hops: ["--through", "tcp-pipe", "--through", "http-pipe"],
    code: 0,
    outcomes: straight,
    accused: [],
  },
  "breaks off by itself, and a straight pipe passes that on": {
    path: "/breaks-off",
    hops: ["--through", "http-pipe"],
    grep: "^watch$",
    code: 0,
    outcomes: { watch: "pass" },
    accused: ["ending truncated-visibly origin"],
  },
  "is held to its end by a stranger's hop": {
    path: "/events",
    hops: ["--hop", command("../mutants/stranger.mjs")],
    grep: "^watch$",
    code: 1,
    outcomes: { watch: "fail" },
    accused: ["delivery buffered hop"],
  },
  "is held for ever by a stranger's hop where it never ends": {
    path: "/endless",
    hops: ["--hop", command("../mutants/stranger.mjs")],
    grep: "^watch$",
    code: 1,
    outcomes: { watch: "fail" },
    accused: ["delivery buffered hop"],
    why: /sent nothing at all/,
  },
  "is altered by a hop": {
    path: "/events",
    hops: ["--hop", command("applications/swaps-a-letter.mjs")],
    grep: "^watch$",
    code: 1,
    outcomes: { watch: "fail" },
    accused: ["integrity altered hop"],
    why: /differs from what the application sent/,
  },
  "is silent after its header section for as long as it is watched": {
    path: "/silent",
    hops: ["--through", "http-pipe"],
    grep: "^watch$",
    code: 3,
    outcomes: { watch: "inconclusive" },
    accused: [],
    why: /sent its header section \(status 200\) and nothing more in the [\d.]+ s it was watched: watch longer with --watch-seconds$/,
  },
  "ends without a body": {
    path: "/empty",
    hops: ["--through", "http-pipe"],
    grep: "^watch$",
    code: 3,
    outcomes: { watch: "inconclusive" },
    accused: [],
    why: /your application answered 200 without a body$/,
  },
  "is left waiting by the one proxy of two that hangs": {
    path: "/breaks-off",
    hops: ["--through", "http-pipe", "--through", "http-proxy:flush-headers"],
    grep: "^watch$",
    code: 1,
    outcomes: { watch: "fail" },
    accused: ["ending hung http-proxy"],
  },
  "is read on by a proxy whose client has left": {
    path: "/endless",
    hops: ["--through", "fetch-proxy"],
    grep: "client-leaving",
    code: 1,
    outcomes: { "client-leaving": "fail" },
    accused: ["disconnect not-propagated fetch-proxy"],
  },
  "keeps all to its end itself, which is no hop's fault": {
    path: "/keeps-all",
    hops: ["--through", "http-pipe"],
    grep: "^watch$",
    code: 3,
    outcomes: { watch: "inconclusive" },
    accused: [],
    why: /your application itself \(status 200\) sent its \d+ bytes all at once, [56]\d\d ms after the request/,
  },
  "has no such stream": {
    path: "/missing",
    hops: ["--through", "http-pipe"],
    code: 3,
    outcomes: { watch: "inconclusive", "watch-gzip": "inconclusive", "client-leaving": "inconclusive" },
    accused: [],
    why: /status 404|and it received none/,
  },
  "is put in the place of the origin of scenarios": {
    path: "/events",
    hops: ["compression-holds-proxied-events", "http-proxy-hangs-on-origin-abort"],
    code: 3,
    outcomes: { "compression-holds-proxied-events": "pass", "http-proxy-hangs-on-origin-abort": "unsupported" },
    accused: ["delivery buffered compression", "headers held http-proxy"],
  },
};

describe("an application that", () => {
  const results = new Map<string, { code: number | null; report: Report }>();
  let application: ChildProcess;
  let base = "";
  let traces = "";

  beforeAll(async () => {
    application = spawn(process.execPath, [join(folder, "application.mjs")], { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(application.stdout as NonNullable<ChildProcess["stdout"]>, "data")) as [Buffer];
    base = `http://localhost:${Number(line.toString())}`;
    traces = await mkdtemp(join(tmpdir(), "application-"));
    await inPool(3, Object.entries(cases), async ([name, { path, hops, grep = "." }]) => {
      const result = await hopwise(["run", "--app", base + path, ...hops, "--grep", grep, "--watch-seconds", "3", "--reporter", "json"]);
      results.set(name, { code: result.code, report: reportOf(result) });
    });
  });
  afterAll(async () => {
    application.kill();
    await rm(traces, { recursive: true, force: true });
  });

  it.each(Object.entries(cases))("%s", (name, { path, code, outcomes, accused, why }) => {
    const { report, code: ended } = results.get(name) ?? {};
    const scenarios = report?.scenarios ?? [];
    const said = scenarios.map((one) => `${one.id}: ${one.outcome}: ${one.why}`).join("\n");
    expect(Object.fromEntries(scenarios.map(({ id, outcome }) => [id, outcome])), said).toEqual(outcomes);
    const reported = scenarios.flatMap(({ facets }) =>
      facets.flatMap(({ facet, observation, culprit }) => (culprit === null ? [] : [`${facet} ${observation.member} ${culprit}`])),
    );
    expect([...new Set(reported)].toSorted(), said).toEqual(accused);
    expect(ended, said).toBe(code);
    for (const one of scenarios) {
      expect(one).toMatchObject({ application: base + path, chain: [base + path, ...one.chain.slice(1)] });
      expect(one.facets.filter(({ facet }) => facet === "source")).toEqual([]);
      if (why) expect(one.why).toMatch(why);
    }
  });

  it("is asked for what stands in its address, and for nothing more", async () => {
    const result = await hopwise(
      ["run", "--app", `${base}/echo?user=me&last=1`, "--through", "http-pipe"].concat([
        "--watch-seconds",
        "1",
        "--grep",
        "^watch$",
        "--save-traces",
        traces,
      ]),
    );
    expect(result.out).toMatch(/origin +your own application: what arrives in one read counts as a record/);
    const trace = JSON.parse(await readFile(join(traces, "watch.json"), "utf8")) as Trace;
    for (const { request } of trace.cases[0]?.exchanges ?? []) {
      expect(request.target).toBe("/echo?user=me&last=1");
      expect(request.headers.map(([field, value]) => [field.toLowerCase(), value])).toContainEqual(["host", new URL(base).host]);
    }
  });

  it.each([
    [["--app", "localhost:3000/events"], /--app localhost:3000\/events is not an http:\/\/ URL\. .*--app http:\/\/localhost:3000\/events/],
    [["--app", "events"], /is not a URL/],
    [["--app", "https://localhost/events", "--through", "http-pipe"], /uses TLS, which hides the bytes/],
    [["--app", "http://localhost:1/"], /needs hops from one source, but none is given: use --hop/],
    [["--app", "http://localhost:1/", "--hop", "x", "--through", "http-pipe"], /--hop and --through are given/],
    [
      ["--app", "http://localhost:1/", "--through", "http-pip"],
      /^hopwise: --through names server "http-pip", which does not exist; did you mean "http-pipe"\?/,
    ],
    [["--app", "http://localhost:1/", "--through", "nginx", "--runtime", "container"], /network without a route out/],
    [["--through", "nginx"], /--through needs --app/],
  ])("is refused: hopwise run %s", async (args, why) => {
    const result = await hopwise(["run", ...args]);
    expect(result.err).toMatch(why);
    expect(result.code).toBe(2);
  });

  it("does not run", async () => {
    const result = await hopwise(["run", "--app", "http://localhost:1/events", "--through", "http-pipe"]);
    expect(result.err).toMatch(/Your application does not answer at http:\/\/localhost:1\/events: .*\. Start it first\./);
    expect(result.code).toBe(3);
  });
});
