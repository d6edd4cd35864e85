// Timeouts that people trip over: named even where they are survived, with the heartbeat interval that keeps a stream alive.
import { expect, it } from "vitest";
import { describeWithEngine } from "./engine.ts";
import { checkedIn, inShort } from "./reality/_checked.ts";

describeWithEngine("timeouts of up to two minutes", () => {
  it("a minute is survived, and named with its line and a heartbeat; what was excluded is said", async () => {
    const { code, report } = await checkedIn("minute", "nginx.conf");
    expect(code).toBe(0);
    expect(inShort(report)).toEqual(["note no-effect nginx.conf:12", "note timed-out nginx.conf:7"]);
    const timeout = report.findings.find(({ rule }) => rule === "timed-out");
    expect(timeout?.says).toMatch(/proxy_read_timeout is not set/);
    expect(timeout?.evidence).toMatch(/heartbeat at least every 30 s/);
    expect(report.answer).toMatch(/^\/events streams/);
    expect(report.answer).toMatch(/nothing in this configuration holds, cuts before 60 s, caches or alters this stream/);
    // Where the line does help.
    expect(report.findings.find(({ rule }) => rule === "no-effect")?.says).toMatch(/an nginx in front of this one/);
  });

  it("a 504 that error_page turns into a 200 is an answer that the application did not send", async () => {
    const { report } = await checkedIn("masked", "nginx.conf");
    const timeouts = report.findings.filter(({ rule }) => rule === "timed-out");
    expect(timeouts.map(({ level, at }) => [level, at.line])).toEqual([["note", 13]]);
    expect(timeouts[0]?.evidence).toMatch(/ (?:109|11[0-2])\.\d s /);
    const masked = report.findings.filter(({ rule }) => rule === "error-response");
    expect(masked.map(({ level, at }) => [level, at.line])).toEqual([["error", 7]]);
    expect(masked[0]?.evidence).toMatch(/200/);
  });

  it("a reload that ends the old workers early is one, by every protocol, and no timeout of the route", async () => {
    const { report } = await checkedIn("short-shutdown", "nginx.conf");
    expect(inShort(report)).toEqual(["note reload nginx.conf:1"]);
    expect(report.findings[0]?.evidence).toMatch(/after 1\d\d\d ms, counted from its reload/);
    expect(report.routes.flatMap(({ limits }) => limits)).toEqual([]);
  });

  it("a shutdown timeout of half a minute is found, and the idle timeout of as much beside it", async () => {
    const { report } = await checkedIn("long-shutdown", "nginx.conf");
    expect(inShort(report)).toEqual(["note reload nginx.conf:1", "note timed-out nginx.conf:8"]);
    expect(report.findings.find(({ rule }) => rule === "reload")?.evidence).toMatch(
      /after (?:29|3\d|4\d)\d\d\d ms, counted from its reload; measured in \d+ ms with a clock that ran 15× faster/,
    );
  });
});
