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

  it("is tried over HTTP/3 where a listener offers it, by a client on the same network", async () => {
    const { report } = await checkedIn("http3", "nginx.conf");
    const over = (route: string) =>
      report.routes
        .filter(({ id }) => id === route)
        .flatMap(({ checks }) =>
          checks.filter(({ check }) => check.endsWith("-h3")).map(({ check, scenario }) => `${check} ${scenario.outcome}`),
        );
    const passed = ["events-h3 pass", "gzip-h3 pass", "headers-h3 pass", "origin-abort-h3 pass"];
    expect(over("shop.example/whole")).toEqual(passed);
    // HTTP/2 and HTTP/3 have framing of their own.
    expect(over("shop.example/cut")).toEqual(passed);
    const severe = report.findings.filter(({ level }) => level !== "note");
    expect(severe).toMatchObject([
      { route: "shop.example/cut", rule: "truncated-silently", at: { line: 18 }, conditions: ["HTTP/1.1 over TLS"] },
    ]);
    // http3 off
    expect(over("old.example/")).toEqual([]);
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
