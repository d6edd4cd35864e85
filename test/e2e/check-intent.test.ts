// Routes have an intent: what is named or inferred comes first, and the first line of the summary answers.
import { expect, it } from "vitest";
import type { CheckReport } from "../../harness/report/check-report.ts";
import { hopwise } from "./_cli.ts";
import { describeWithEngine } from "./engine.ts";

const reality = `${import.meta.dirname}/reality`;

const checked = async (folder: string, ...args: string[]): Promise<{ code: number | null; report: CheckReport }> => {
  const { code, out } = await hopwise(["check", ...args, "--reporter", "json"], { folder: `${reality}/${folder}` });
  return { code, report: JSON.parse(out) as CheckReport };
};

const levelsOf = ({ findings }: CheckReport, route: string): Set<string> =>
  new Set(findings.filter((one) => one.route === route && one.rule !== "no-effect" && one.rule !== "timed-out").map(({ level }) => level));

describeWithEngine("the intent of routes", () => {
  it("is inferred: a route of unknown intent is lowered by one step, and asked for", async () => {
    const { code, report } = await checked("two-routes", "nginx.conf", "--for", "llm");
    expect(report.routes.map(({ id, intent }) => [id, intent?.kind])).toEqual([
      ["shop.example/v1/chat/completions", "inferred"],
      ["shop.example/api/", "unknown"],
    ]);
    expect(levelsOf(report, "shop.example/v1/chat/completions")).toEqual(new Set());
    // buffered and truncated-silently would be errors, held a warning.
    expect(levelsOf(report, "shop.example/api/")).toEqual(new Set(["warning", "note"]));
    expect(code).toBe(0);
    expect(report.answer).toMatch(/^\/v1\/chat\/completions streams; \/api\/ would be buffered/);
    expect(report.answer).toMatch(/findings? on a route that may not be meant to stream: name it/);
  });

  it("is explicit: hopwise.yaml names routes with their purposes, and all others have notes", async () => {
    const { code, report } = await checked("named", "nginx.conf");
    expect(report.routes.map(({ id, intent, purpose }) => [id, intent?.kind, purpose])).toEqual([
      ["shop.example/v1/chat/completions", "explicit", "llm"],
      ["shop.example/api/export", "explicit", "download"],
    ]);
    expect(report.findings.filter(({ rule }) => rule === "buffered").map(({ level }) => level)).not.toContain("error");
    // A download that is cut and looks whole.
    expect(report.findings.filter(({ level }) => level === "error").map(({ rule, route }) => [rule, route])).toEqual([
      ["truncated-silently", "shop.example/api/export"],
    ]);
    expect(code).toBe(1);
  });
});
