// An engine that fails now and then: no line is blamed, cleared or repaired because of it.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CheckReport } from "../../harness/report/check-report.ts";
import { runProgram } from "./_cli.ts";
import { openEngineRelay } from "./_engine-relay.ts";
import type { EngineRelay, Fault } from "./_engine-relay.ts";
import { describeWithEngine, engine } from "./engine.ts";

const configuration = `upstream app { server web:8000; }
server {
  listen 80;
  server_name app.example;
  location /events {
    proxy_pass http://app;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    gzip on;
    gzip_types text/event-stream;
  }
}
`;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-faults-test-"));
  await writeFile(join(folder, "app.conf"), configuration);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Checked {
  code: number | null;
  report: CheckReport;
  relay: Pick<EngineRelay, "asked" | "failed">;
}

const checkedWith = async (faultOf: Parameters<typeof openEngineRelay>[1]): Promise<Checked> => {
  const { socketPath = "" } = engine().docker.modem as { socketPath?: string };
  await using relay = await openEngineRelay(socketPath, faultOf);
  // Few trials: what is looked at is what becomes of experiments.
  const { code, out, err } = await runProgram(
    join(import.meta.dirname, "fixtures/few-trials.ts"),
    ["app.conf", '{"deliver":"incrementally"}'],
    {
      folder,
      environment: { DOCKER_HOST: relay.address },
    },
  );
  if (out === "") throw new Error(err);
  const { report } = JSON.parse(out) as { report: CheckReport };
  return { code, report, relay };
};

/** What a report claims, without what differs from one run to the next. */
const claimsOf = ({ findings, routes }: CheckReport) => ({
  findings: findings.map(({ id, at, culprit, conditions, fix }) => ({ id, at, culprit, conditions, diff: fix?.diff })),
  outcomes: routes.map(({ checks }) => checks.map(({ check, scenario }) => [check, scenario.outcome])),
});

describeWithEngine("an engine that fails now and then", () => {
  let plain: Checked;
  beforeAll(async () => {
    plain = await checkedWith(() => null);
  });

  it("changes nothing of the report where it fails once: what could not run is run again", async () => {
    expect(plain.report.findings.map(({ rule, at }) => [rule, at.line])).toContainEqual(["buffered", 10]);
    const count = (call: string): number => plain.relay.asked.filter((one) => one.call === call).length;
    // The lab and the holder come first, then the control and the server itself, in either order; the last ones prove fixes.
    const runs: [call: string, before: number, fault: Fault][][] = [
      [
        ["exec", 0, "error"],
        ["create", 3, "error"],
      ],
      [
        ["archive", 1, "reset"],
        ["start", count("start") - 1, "reset"],
      ],
    ];
    for (const faults of runs) {
      // oxlint-disable-next-line no-await-in-loop
      const { report, code, relay } = await checkedWith(
        (one) => faults.find(([call, before]) => one.call === call && one.before === before)?.[2] ?? null,
      );
      const title = JSON.stringify(faults);
      expect(relay.failed, title).toHaveLength(faults.length);
      expect(claimsOf(report), title).toEqual(claimsOf(plain.report));
      expect([code, report.experimentsNotRun], title).toEqual([1, undefined]);
    }
  });

  it("blames no other line where the copy without the culprit never starts, and says that it was not checked", async () => {
    const { code, report, relay } = await checkedWith(({ call, text }) =>
      call === "archive" && text.includes("location /events") && !text.includes("text/event-stream") ? "reset" : null,
    );
    expect(relay.failed.length).toBeGreaterThanOrEqual(2);
    const held = report.findings.filter(({ conditions }) => conditions.includes("Accept-Encoding: gzip"));
    expect(held, JSON.stringify(held)).toMatchObject([
      { culprit: null, unproven: expect.stringMatching(/not checked, since the experiment could not run: gzip_types .*app\.conf:10/) },
    ]);
    expect(report.experimentsNotRun).toContainEqual({
      experiment: "suspect",
      route: "app.example/events",
      what: expect.stringContaining("gzip_types"),
      at: { file: "app.conf", line: 10, column: expect.any(Number) },
      reason: "server-not-started",
      why: expect.stringContaining("its files not unpacked: the connection to the container engine was lost"),
    });
    expect(code).toBe(1);
    const schema = JSON.parse(await readFile(join(import.meta.dirname, "../../harness/report/check.schema.json"), "utf8")) as object;
    expect(new Ajv({ strict: false }).validate(schema, report)).toBe(true);
  });
});
