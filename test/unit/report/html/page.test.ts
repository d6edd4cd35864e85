// Reports of real runs as pages, in a real browser.
import { readFileSync } from "node:fs";
import axe from "axe-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { code } from "../../../../harness/report/html/page-code.ts";
import { checkPage } from "../../../../harness/report/html/check-page.ts";
import { probePage } from "../../../../harness/report/html/probe-page.ts";
import { runPage } from "../../../../harness/report/html/run-page.ts";
import type { CheckReport } from "../../../../harness/report/check-report.ts";
import type { Report } from "../../../../harness/report/report.ts";
import { needsBrowser } from "../../../_needs.ts";
import { all as observations, report } from "../../probe/_report.ts";
import { full } from "../check-fixtures.ts";
import { reportOf, scenarios } from "../fixtures.ts";
import { desktop, openViewer, patienceMs, phone } from "./_browser.ts";
import type { Viewer } from "./_browser.ts";

vi.setConfig({ testTimeout: patienceMs });

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../docs/samples/readme/${name}.json`, import.meta.url), "utf8"));
const recorded = { run: runPage(read("run") as Report), check: checkPage(read("check") as CheckReport) };
/** One case of which every number is known. */
const single = runPage(reportOf(scenarios.buffered));
const many = runPage(reportOf(...Object.values(scenarios)));

const probed = probePage(report(observations, "bad"));

test("the page of one route is small, and so is what runs in every page", () => {
  const route = JSON.parse(readFileSync(new URL("../../../../docs/samples/check/events.json", import.meta.url), "utf8")) as CheckReport;
  expect(Buffer.byteLength(checkPage(route))).toBeLessThan(300_000);
  expect(Buffer.byteLength(code)).toBeLessThan(60_000);
});

describe("a page", needsBrowser, () => {
  let viewer: Viewer;
  beforeAll(async () => {
    viewer = await openViewer();
  });
  afterAll(() => viewer[Symbol.asyncDispose]());

  test.for(Object.entries({ ...recorded, many, full: checkPage(full), probed }))(
    "%s: opens without a request, a message or an error",
    async ([, html]) => {
      const { page, complaints } = await viewer.open(html, desktop);
      await page.locator("figure.picture").first().waitFor();
      await page.evaluate("scrollTo(0, document.body.scrollHeight)");
      expect(await page.locator("h1").textContent()).not.toBe("");
      expect(complaints).toEqual([]);
    },
  );

  test.for([
    ["light", desktop, [recorded.run, checkPage(full), probed]],
    ["dark", phone, [recorded.run, checkPage(full), probed]],
  ] as const)("axe finds nothing serious, %s", async ([colorScheme, size, pages]) => {
    for (const html of pages) {
      const { page } = await viewer.open(html, { ...size, colorScheme });
      await page.locator("figure.picture").first().waitFor();
      await page.evaluate("[...document.querySelectorAll('details')].slice(0, 4).forEach((one) => (one.open = true))");
      await page.evaluate(axe.source);
      const found = (await page.evaluate("axe.run()")) as axe.AxeResults;
      const serious = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    }
  });

  test("nothing is wider than a phone", async () => {
    for (const html of [...Object.values(recorded), many, checkPage(full), probed]) {
      const { page } = await viewer.open(html, phone);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(phone.viewport.width);
    }
  });

  test("filters by outcome and by words, keeps them in the address, and takes them from there", async () => {
    const { page } = await viewer.open(many, desktop);
    const shown = () => page.locator("article:visible h3").allTextContents();
    const all = await shown();
    expect(all).toHaveLength(Object.keys(scenarios).length);
    await page.getByLabel("Outcome").selectOption("inconclusive");
    expect(await shown()).toEqual([scenarios.inconclusive.title]);
    await page.getByLabel("Outcome").selectOption("");
    await page.getByLabel("Search").fill("gzip whole-chain");
    expect(await shown()).toEqual([scenarios.buffered.title]);
    const { hash } = new URL(page.url());
    expect(hash).toBe("#q=gzip+whole-chain");
    await page.getByRole("button", { name: "Show all" }).first().click();
    await expect.poll(shown).toEqual(all);
    const again = await viewer.open(many, desktop, hash);
    expect(await again.page.locator("article:visible h3").allTextContents()).toEqual([scenarios.buffered.title]);
    expect(await again.page.getByLabel("Search").inputValue()).toBe("gzip whole-chain");
  });

  test("a run in which nothing fails names the faults that are known, and leads to them", async () => {
    const { page } = await viewer.open(recorded.run, desktop);
    expect(await page.locator("h1").textContent()).toBe("The scenario passed, and shows a known fault");
    await page.getByRole("list", { name: "Known faults by hop" }).getByRole("link").first().click();
    const { hash } = new URL(page.url());
    expect(await page.locator(`${hash} .chain .culprit`).textContent()).toContain(await page.locator(".culprits a").first().textContent());
  });

  test("the keyboard goes from mark to mark, and shows the numbers of each", async () => {
    const { page } = await viewer.open(single, desktop);
    const view = page.locator(".view").first();
    await view.focus();
    const tip = page.locator("output.tip");
    await page.keyboard.press("ArrowRight");
    expect(await tip.textContent()).toBe("origin writes: record 1 of 8, 2 ms");
    for (let presses = 0; presses < 8; presses += 1) await page.keyboard.press("ArrowRight");
    expect(await tip.textContent()).toBe("origin → http-proxy: header section, 1.3 ms");
    await page.keyboard.press("Escape");
    expect(await tip.isVisible()).toBe(false);
  });

  test("of a probe: a mark has its numbers, and how much later than the origin's it is", async () => {
    const { page } = await viewer.open(probed, desktop);
    await page.locator("#p4 .view").scrollIntoViewIfNeeded();
    await page.locator("#p4 form.range").waitFor();
    await page.locator("#p4 .view").focus();
    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press("ArrowRight");
    expect(await page.locator("output.tip").textContent()).toBe(
      "at the client: records 1 to 2 of 2 at once, 900 ms, 799 ms after it came in",
    );
    await page.getByRole("link", { name: "HTTP/2", exact: true }).click();
    expect(new URL(page.url()).hash).toBe("#p2");
  });

  test("pointing at a mark shows its numbers", async () => {
    const { page } = await viewer.open(single, desktop);
    await page.locator('.view [data-n*="records 1 to 8 of 8 at once"]').first().hover({ force: true });
    expect(await page.locator("output.tip").textContent()).toBe(
      "gzip → nginx: records 1 to 8 of 8 at once, 1.77 s, 1.76 s after it came in",
    );
  });

  test("a range is chosen by numbers, by dragging and by keys, for all lanes at once", async () => {
    const { page } = await viewer.open(single, desktop);
    const zoom = page.locator(".zoom").first();
    const range = page.locator("form.range").first();
    await range.locator("[name=from]").fill("500");
    await range.locator("[name=to]").fill("1000");
    await range.locator("[name=to]").blur();
    const width = parseFloat((await zoom.getAttribute("width")) ?? "");
    expect(width).toBeGreaterThan(300);
    expect(parseFloat((await zoom.getAttribute("x")) ?? "")).toBeCloseTo(-100, 0);
    expect(await page.locator(".ticks text").allTextContents()).toEqual(["500 ms", "600 ms", "700 ms", "800 ms", "900 ms", "1 s"]);
    await page.locator(".view").first().press("0");
    expect(await zoom.getAttribute("width")).toBe("100%");
    const box = await page.locator(".plot").first().boundingBox();
    if (!box) throw new Error("The picture has no place");
    await page.mouse.move(box.x + box.width / 4, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 60);
    await page.mouse.up();
    expect(parseFloat((await zoom.getAttribute("width")) ?? "")).toBeCloseTo(400, -1);
    await page.locator(".view").first().press("-");
    expect(parseFloat((await zoom.getAttribute("width")) ?? "")).toBeCloseTo(200, -1);
    await range.getByRole("button", { name: "Show all" }).click();
    expect(await zoom.getAttribute("width")).toBe("100%");
  });

  test("a fix is copied as it is, tabs included", async () => {
    const { page } = await viewer.open(recorded.check, desktop);
    const { findings } = read("check") as CheckReport;
    const text = await page.locator("pre.diff").first().textContent();
    expect(text).toBe(findings[0]?.fix?.diff);
    await page.getByRole("button", { name: "Copy the diff" }).first().click();
    await expect.poll(() => page.locator("button.copy").first().textContent()).not.toBe("Copy the diff");
  });

  test("without scripts the pictures of the first cards are there", async () => {
    const { page } = await viewer.open(many, { ...desktop, javaScriptEnabled: false });
    expect(await page.locator("figure.picture").count()).toBeGreaterThan(4);
    expect(await page.locator("form.filters").isVisible()).toBe(false);
  });
});
