// A client that takes nothing for a while in the middle of a download: a server that cuts it is named with its line.
import { expect, it } from "vitest";
import { describeWithEngine } from "./engine.ts";
import { checkedIn } from "./reality/_checked.ts";

describeWithEngine("a client that pauses a download for 3 s", () => {
  it("is cut by send_timeout 1s, and by nothing with the fix", async () => {
    const { code, report } = await checkedIn("paused", "nginx.conf", "--path", "/old/archive.csv", "--for", "download");
    const [found, ...others] = report.findings.filter(({ level }) => level === "error");
    expect(others).toEqual([]);
    expect([found?.rule, found?.check, found?.culprit?.directive]).toEqual(["timed-out", "slow-client", "send_timeout 1s"]);
    expect(found?.fix?.diff).toMatch(/^\+ +send_timeout 1h;$/m);
    expect(code).toBe(1);
  });
});
