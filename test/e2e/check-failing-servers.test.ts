// nginx leaves out an upstream's server that failed: a request that fails on each of them makes it answer all others by itself for a while.
import { expect, it } from "vitest";
import { describeWithEngine } from "./engine.ts";
import { checkedIn } from "./reality/_checked.ts";

describeWithEngine("max_fails and fail_timeout", () => {
  it.each(["1.26", "1.30"])(
    "of nginx %s are reported with their number, once for an upstream, and no other trial meets them",
    async (version) => {
      const { code, report } = await checkedIn("failing", "nginx.conf", "--for", "sse", "--server-version", version);
      expect(code).toBe(0);
      const told = report.findings.flatMap(({ rule, level, at, culprit, evidence }) =>
        rule === "refused" ? [{ level, line: at.line, directive: culprit?.directive, evidence }] : [],
      );
      expect(told).toEqual([
        {
          level: "note",
          line: 4,
          directive: "server one:8000",
          evidence: expect.stringMatching(
            /^after 1 request that the application closed before its header section, nginx answered the next one with 502/,
          ),
        },
        {
          level: "note",
          line: 8,
          directive: "max_fails=2",
          // `proxy_next_upstream off`: each fails on one server only.
          evidence: expect.stringMatching(
            /^after 4 requests that the application closed before their header sections, nginx answered the next one with 502/,
          ),
        },
      ]);
      const trials = report.routes.flatMap(({ id, checks }) => checks.map((one) => ({ id, ...one })));
      expect(trials.filter(({ alone, scenario }) => alone || scenario.outcome !== "pass").map(({ id, check }) => `${id} ${check}`)).toEqual(
        [],
      );
    },
  );
});
