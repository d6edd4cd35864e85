// A deployment with several proxies is checked as a chain: the culprit is a service and its line, and what one hop hides of the next shows
// once it is mended.
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CheckReport } from "../../harness/report/check-report.ts";
import { hopwise } from "./_cli.ts";
import { describeWithEngine } from "./engine.ts";
import { checkedIn } from "./reality/_checked.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-chain-test-"));
  await cp(join(import.meta.dirname, "reality/row"), folder, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const heldOn = ({ findings }: CheckReport, path: string) =>
  findings.filter(({ rule, route }) => ["buffered", "batched", "held"].includes(rule) && route.endsWith(path));

describeWithEngine("a deployment with two proxies in a row", () => {
  it("names the service and its line, and the fixes together let the stream through", async () => {
    const { code, out, err } = await hopwise(["check", "compose.yaml", "--write", "--reporter", "json"], { folder });
    expect(code, err).toBe(1);
    const report = JSON.parse(out) as CheckReport;
    expect(report.proxies?.checked.map(({ service }) => service)).toEqual(["edge", "web"]);
    expect(report.proxies?.notChecked).toMatchObject([{ service: "lb", title: "Traefik", at: { file: "compose.yaml", line: 2 } }]);
    expect(report.answer).toMatch(/not checked: lb \(Traefik\)$/);

    // The inner proxy streams here: nothing of it is to blame.
    const events = heldOn(report, "/live/events");
    expect(new Set(events.map(({ hop, at }) => `${hop} ${at.file}`))).toEqual(new Set(["edge edge/default.conf"]));
    expect(events.some(({ level }) => level === "error")).toBe(true);
    expect(events.every(({ conditions }) => !conditions.some((one) => one.startsWith("with the fix for")))).toBe(true);

    // Another location of it holds everything: what the outer one does shows afterwards.
    const feed = heldOn(report, "/feed");
    expect(feed.find(({ level }) => level === "error")).toMatchObject({ hop: "web", at: { file: "web/default.conf", line: 4 } });
    expect(feed.some(({ hop, conditions }) => hop === "edge" && conditions.some((one) => one.startsWith("with the fix for")))).toBe(true);

    // The proof is the client's view.
    const again = await hopwise(["check", "compose.yaml", "--reporter", "json"], { folder });
    const mended = JSON.parse(again.out) as CheckReport;
    expect(mended.findings.filter(({ level }) => level === "error")).toEqual([]);
    expect(heldOn(mended, "")).toEqual([]);
    expect(again.code).toBe(0);
  }, 600_000);

  it("--service checks one alone, and says so", async () => {
    const { report } = await checkedIn("row", "compose.yaml", "--service", "web", "--path", "/events");
    expect(report.proxies?.checked.map(({ service }) => service)).toEqual(["web"]);
    expect(report.proxies?.notChecked.map(({ service, title }) => `${service} ${title}`)).toEqual(["lb Traefik", "edge nginx"]);
    expect(report.findings.filter(({ level }) => level === "error")).toEqual([]);
  });
});

describeWithEngine("links that the proxies of a row verify", () => {
  it("are signed for the first one; the others go without what asks for one, and no signature is shown", async () => {
    const { code, report } = await checkedIn("signed-row", "compose.yaml", "--for", "sse");
    expect(report.routes.map(({ title, checks }) => [title, checks.filter(({ scenario }) => scenario.outcome !== "pass").length])).toEqual([
      ["location /inside", 0],
      ["location /twice/", 0],
    ]);
    const without = report.stubs.filter(({ what }) => what.startsWith("nginx without"));
    expect(without.map(({ what, at }) => [what, at?.file, at?.line])).toEqual([
      ["nginx without the condition if ($secure_link =)", "web/default.conf", 9],
    ]);
    const told = JSON.stringify([report.stubs, report.notChecked]);
    expect(report.notChecked.find(({ what }) => what.includes("/lost"))?.why).toContain("/lost?md5=…");
    expect(told).toContain("/twice/…/events?k=v");
    expect(told).not.toMatch(/[/=](?:[0-9a-f]{32}|[\w-]{22})(?![\w-])/);
    expect(code).toBe(0);
  });
});
