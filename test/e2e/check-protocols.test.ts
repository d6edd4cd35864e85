// What a client speaks decides: every TLS listener is tried by each protocol that it offers, and requests are what a purpose's clients send.
import { expect, it } from "vitest";
import { describeWithEngine } from "./engine.ts";
import { checkedIn } from "./reality/_checked.ts";

describeWithEngine("the client's protocol", () => {
  it("decides what is held and what is cut, and the findings say for whom", async () => {
    const { report } = await checkedIn("protocols", "nginx.conf");
    const of = (route: string, rules: string[]) =>
      report.findings
        .filter((one) => one.route === `shop.example${route}` && rules.includes(one.rule))
        .map(({ at, conditions, check, alsoIn = [] }) => ({ line: at.line, conditions, checks: [check, ...alsoIn] }));
    // Over HTTP/2 a cut is RST_STREAM; over HTTP/1.1 it is a clean end.
    expect(of("/cut", ["truncated-silently"])).toMatchObject([{ line: 18, conditions: ["HTTP/1.1"] }]);
    expect(of("/cut", ["buffered", "batched", "lagging", "held"])).toEqual([]);
    // Small records stay in the buffer of the TLS connection.
    const held = of("/held", ["buffered", "batched", "lagging"]).filter(({ checks }) => checks.some((id) => id.startsWith("events-")));
    expect(held).toMatchObject([{ line: 12 }]);
    expect(held[0]?.checks).not.toContain("events");
  });

  it("for mcp each request is a POST with a JSON body that accepts both", async () => {
    const { report } = await checkedIn("mcp", "nginx.conf", "--for", "mcp");
    const errors = report.findings.filter(({ level }) => level === "error");
    expect(errors.map(({ route, rule, at, evidence }) => [route, rule, at.line, evidence.includes("413")])).toEqual([
      ["shop.example/small", "error-response", 16, true],
    ]);
    expect(report.routes.map(({ id }) => id)).toContain("shop.example/mcp");
  });
});
