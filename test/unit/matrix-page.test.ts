// The matrix as a page in one file, written from results/: every cell leads to what shows it, with the mouse and with the keyboard.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { needsBrowser } from "../_needs.ts";
import { desktop, openViewer, patienceMs, phone } from "./report/html/_browser.ts";
import type { Viewer } from "./report/html/_browser.ts";

vi.setConfig({ testTimeout: patienceMs });

const folder = mkdtempSync(join(tmpdir(), "hopwise-matrix-"));
const file = join(folder, "matrix.html");
const script = (...args: string[]) =>
  spawnSync(process.execPath, [join(packageRoot, "scripts/matrix.ts"), "--check", ...args], { encoding: "utf8" });
let html = "";

beforeAll(() => {
  const { status, stderr } = script("--reporter", `html=${file}`);
  expect(status, stderr).toBe(0);
  html = readFileSync(file, "utf8");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every link leads to a place on it", () => {
  const links = new Set(Array.from(html.matchAll(/href="#([^"]+)"/g), ([, to = ""]) => to));
  expect(links.size).toBeGreaterThan(100);
  expect([...links].filter((to) => !html.includes(`id="${to}"`))).toEqual([]);
});

test("another format is refused", () => {
  const { status, stderr } = script("--reporter", "pdf=x");
  expect([status, stderr]).toEqual([1, expect.stringContaining("--reporter pdf=x is unknown")]);
});

describe("in a browser", needsBrowser, () => {
  let viewer: Viewer;
  beforeAll(async () => {
    viewer = await openViewer();
  });
  afterAll(() => viewer[Symbol.asyncDispose]());

  test("it opens without a request or a message, and fits a phone", async () => {
    const { page, complaints } = await viewer.open(html, phone);
    await page.evaluate("scrollTo(0, document.body.scrollHeight)");
    await page.locator("footer").waitFor();
    expect(complaints).toEqual([]);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(phone.viewport.width);
  });

  test("filters by server, keeps that in the address, and takes it from there", async () => {
    const { page } = await viewer.open(html, desktop);
    await page.getByRole("combobox", { name: /^Server/ }).selectOption("varnish");
    const { hash } = new URL(page.url());
    expect(hash).toBe("#server=varnish");
    const again = (await viewer.open(html, desktop, hash)).page;
    const names = await again.locator("table").first().locator("tbody tr:visible th").allTextContents();
    expect(names).toEqual(["varnish 6.5.1", "varnish 7.1.1", "varnish 7.7.0"]);
    const rows = await again.locator("table").first().locator("tbody tr").count();
    expect(rows).toBeGreaterThan(10);
    expect(await again.locator("form.filters output").textContent()).toBe(`3 of ${rows}`);
    const cards = again.locator("article:visible");
    expect(await cards.count()).toBe(await again.locator('article[data-server="varnish"]').count());
  });

  test("the keyboard goes from a cell to its card, also where a filter hides it", async () => {
    const { page } = await viewer.open(html, desktop, "#server=nginx&verdict=buffered");
    const cell = page.getByRole("row", { name: "nginx 1.26.3" }).first().getByRole("link", { name: "✗ held" });
    const card = page.locator("#c-nginx-default-holds-headers");
    expect(await card.isVisible()).toBe(false);
    await cell.focus();
    await page.keyboard.press("Enter");
    await card.waitFor();
    expect(new URL(page.url()).hash).toBe("#c-nginx-default-holds-headers");
    await card.locator("form.range").waitFor();
  });

  test.for(["light", "dark"] as const)("axe finds nothing serious, %s", async (colorScheme) => {
    const { page } = await viewer.open(html, { ...desktop, colorScheme }, "#q=nginx-1.26-holds");
    await page.locator("form.range").first().waitFor();
    await page.evaluate(axe.source);
    const found = (await page.evaluate("axe.run()")) as axe.AxeResults;
    const serious = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });
});
