// However many findings a route has, it gets one fix, which was proven as a whole; what only shows then is found, too.
import { expect, it } from "vitest";
import { describeWithEngine } from "./engine.ts";
import { checkedIn } from "./reality/_checked.ts";

describeWithEngine("one fix per route", () => {
  it("all findings share one diff, and it mends them all", async () => {
    const { code, report } = await checkedIn("eight", "nginx.conf");
    expect(code).toBe(1);
    const fixed = report.findings.filter(({ fix }) => fix?.diff);
    expect(new Set(fixed.map(({ rule }) => rule)).size).toBeGreaterThanOrEqual(4);
    expect(new Set(fixed.map(({ fix }) => fix?.diff)).size).toBe(1);
    const diff = fixed[0]?.fix?.diff ?? "";
    expect(diff).toMatch(/^\+ +proxy_buffering off;$/m);
    expect(diff).toMatch(/^-.*chunked_transfer_encoding off;$/m);
    expect(diff).toMatch(/^\+ +proxy_read_timeout 1h;$/m);
    // proxy_buffering off is enough: gzip flushes then.
    expect(diff).not.toMatch(/gzip_types/);
    expect(report.findings.filter(({ level, fix }) => level === "error" && !fix)).toEqual([]);
  });

  // One body for every request: nothing is seen of the client that leaves.
  it("what a fault hides is looked for with its fix", async () => {
    const { report } = await checkedIn("hides", "nginx.conf", "--path", "/api/ticker", "--for", "ndjson");
    const rules = report.findings.map(({ rule }) => rule);
    expect(rules).toContain("cached");
    // Which trials were answered by the cache, and show this only with the fix, depends on their order.
    expect(rules.filter((rule) => rule === "propagated-late" || rule === "not-propagated")).toHaveLength(1);
    expect(new Set(report.findings.flatMap(({ fix }) => fix?.diff ?? [])).size).toBe(1);
  });
});
