// What turns requests away before they are passed on: each route is reached, and it is said how.
import { join } from "node:path";
import { expect, it } from "vitest";
import type { CheckReport } from "../../harness/report/check-report.ts";
import { runProgram } from "./_cli.ts";
import { describeWithEngine } from "./engine.ts";

describeWithEngine("rules that turn the lab's clients away", () => {
  it("are got past, or left out and said to be", async () => {
    const args = ["nginx.conf", JSON.stringify({ headers: "promptly", end: "visibly" }), "sse"];
    const { code, out, err } = await runProgram(join(import.meta.dirname, "fixtures/few-trials.ts"), args, {
      folder: join(import.meta.dirname, "gates"),
    });
    expect([err, code]).toEqual(["", 0]);
    const { report } = JSON.parse(out) as { report: CheckReport };
    const outcomes = report.routes.map(({ title, checks }) => [title, [...new Set(checks.map(({ scenario }) => scenario.outcome))]]);
    expect(outcomes).toEqual(report.routes.map(({ title }) => [title, ["pass"]]));
    expect(report.routes.map(({ title }) => title)).toEqual([
      ..."addresses denied-range office key token plan argument pair referer signed signed-for-one signed-cookie"
        .split(" ")
        .map((name) => `location /${name}`),
      String.raw`location ~ ^/signed-path/(?<sig>[\w-]+)/(?<until>\d+)/(?<file>\w+)$`,
      ..."behind/ signed-method set password methods".split(" ").map((name) => `location /${name}`),
      "location /",
    ]);
    expect(report.findings.filter(({ level }) => level !== "note")).toEqual([]);
    expect(report.notChecked).toEqual([]);
  });
});
