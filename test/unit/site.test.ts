// The whole site, built from results/: every link leads somewhere, and its data match their schema.
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { needsBrowser } from "../_needs.ts";
import { all, report } from "./probe/_report.ts";
import { desktop, openViewer, patienceMs, phone } from "./report/html/_browser.ts";

const folder = mkdtempSync(join(tmpdir(), "hopwise-site-"));
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

beforeAll(() => {
  const { status, stderr } = spawnSync(process.execPath, [join(packageRoot, "scripts/site.ts"), folder], { encoding: "utf8" });
  expect(status, stderr).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("every link leads to a page of it, or to the web", () => {
  const pages = globSync("**/*.html", { cwd: folder });
  expect(pages.length).toBeGreaterThan(100);
  const broken = pages.flatMap((name) =>
    Array.from(
      read(name)
        .replaceAll(/<script>.*?<\/script>/gs, "")
        .matchAll(/href="([^"#]+)(?:#[^"]*)?"/g),
      ([, href = ""]) => href,
    )
      .filter((href) => !href.startsWith("https://") && !existsSync(join(folder, dirname(name), href)))
      .map((href) => `${name}: ${href}`),
  );
  expect(broken).toEqual([]);
});

test("the links of llms.txt do, too", () => {
  const links = Array.from(read("llms.txt").matchAll(/\]\(([^)]+)\)/g), ([, href = ""]) => href);
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((href) => !existsSync(join(folder, href)))).toEqual([]);
});

test("can-i-stream.json is as its schema says, which is beside it", () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(read("can-i-stream.schema.json")));
  expect(validate(JSON.parse(read("can-i-stream.json"))), JSON.stringify(validate.errors)).toBe(true);
});

test("an answer that was measured is there, with its waterfall and its trace", () => {
  const data = JSON.parse(read("can-i-stream.json"));
  const nginx = data.servers.find((one: { id: string; version: string }) => one.id === "nginx" && one.version === "1.26.3");
  expect(nginx.answers.small).toMatchObject({ answer: "no", verdict: "buffered" });
  expect(nginx.answers.leaving).toMatchObject({ answer: "yes", verdict: "propagated" });
  const page = read("scenario/nginx-default-holds-events.html");
  expect(page).toContain('<figure class="picture">');
  expect(page).toContain('href="../traces/nginx-default-holds-events.json"');
});

test("so is every other answer; a Node of its own may be missing where traces are recorded", () => {
  const { servers } = JSON.parse(read("can-i-stream.json")) as { servers: { answers: Record<string, { scenario: string }> }[] };
  const asked = new Set(servers.flatMap(({ answers }) => Object.values(answers).map(({ scenario }) => scenario)));
  expect(asked.size).toBeGreaterThan(50);
  const without = [...asked].filter(
    (id) => !existsSync(join(folder, `traces/${id}.json`)) || !read(`scenario/${id}.html`).includes('<figure class="picture">'),
  );
  expect(without.filter((id) => !/-on-node-\d+-/.test(id))).toEqual([]);
});

describe("in a browser", needsBrowser, () => {
  test(
    "its pages open without a request or a message, fit a phone, are searched and compared",
    async () => {
      await using viewer = await openViewer();
      for (const name of [
        "index.html",
        "claims.html",
        "platforms.html",
        "platform/cloudflare.html",
        "server/nginx.html",
        "scenario/nginx-default-holds-events.html",
        "verdict/buffered.html",
      ]) {
        const { page, complaints } = await viewer.open(read(name), phone);
        expect(complaints, name).toEqual([]);
        expect(await page.evaluate("document.documentElement.scrollWidth"), name).toBeLessThanOrEqual(phone.viewport.width);
      }
      const { page } = await viewer.open(read("index.html"), desktop);
      await page.getByLabel("Search").fill("nginx 1.30");
      expect(await page.locator("tbody tr:visible").count()).toBe(1);
      const compared = await viewer.open(read("compare.html"), desktop, "#nginx@1.26.3&nginx@1.30.6");
      expect(await compared.page.locator("thead th:visible").allTextContents()).toEqual(["what is asked", "nginx 1.26.3", "nginx 1.30.6"]);
      expect(await compared.page.locator("tbody tr.differs:visible th").allTextContents()).toContain("small events");
      expect(compared.complaints).toEqual([]);
    },
    patienceMs,
  );

  test(
    "a report and a trace are looked at where they are dropped, and nothing else is",
    async () => {
      await using viewer = await openViewer();
      const { page, complaints } = await viewer.open(read("look.html"), desktop);
      const look = async (name: string, text: string): Promise<string> => {
        await page.getByLabel("A report or a trace").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
        await page.locator("#look-said", { hasText: name }).waitFor();
        return page.locator("#look-said").innerText();
      };
      const shown = page.frameLocator("#look-place iframe");
      const sample = (path: string): string => readFileSync(join(packageRoot, "docs/samples", path), "utf8");

      expect(await look("check.json", sample("check/events.json"))).toBe("check.json, as it is on this computer:");
      await shown.locator("figure.picture").first().waitFor();
      // Its own scripts run: the search narrows the cards.
      const cards = await shown.locator("[data-card]:visible").count();
      await shown.getByLabel("Search").fill("nothing is called so");
      expect([cards > 0, await shown.locator("[data-card]:visible").count()]).toEqual([true, 0]);

      await look("predicted.json", sample("check/predicted.json"));
      await shown.getByText("not proven").first().waitFor();
      await look("probe.json", JSON.stringify(report(all, "bad")));
      await shown.getByText("the origin itself is fine").first().waitFor();
      await look("held.json", JSON.stringify({ schema: "hopwise.trace/1", ...JSON.parse(read("traces/nginx-default-holds-events.json")) }));
      await shown.getByText("buffered").first().waitFor();

      expect(await look("other.json", '{"schema":"<img src=x onerror=alert(1)>"}')).toMatch(
        /^other\.json cannot be shown: its schema is not one of /,
      );
      expect(await look("broken.json", "{")).toMatch(/^broken\.json cannot be shown: /);
      expect(await page.locator("#look-place iframe").count()).toBe(0);
      expect(complaints).toEqual([]);
    },
    patienceMs,
  );
});
