// However many findings a route has, it gets one fix, which was proven as a whole.
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
});
