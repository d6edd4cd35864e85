// The page of a report with 1,000 scenarios: writing it, and opening it in Chromium until its first picture can be used. The scenarios are those
// of recorded runs, again and again under other ids.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { runPage } from "../harness/report/html/run-page.ts";
import type { CheckReport } from "../harness/report/check-report.ts";
import type { Report, ScenarioReport } from "../harness/report/report.ts";
import { findBinary } from "../harness/runtime/places.ts";
import { medianOf, Skipped } from "./_figure.ts";
import type { Figure, Progress } from "./_figure.ts";

const scenarios = 1000;
const times = 5;
const viewport = { width: 1280, height: 900 };

const recorded = async <T>(name: string): Promise<T> =>
  JSON.parse(await readFile(join(packageRoot, "docs/samples/readme", `${name}.json`), "utf8")) as T;

const largeReport = async (): Promise<Report> => {
  const [run, check] = [await recorded<Report>("run"), await recorded<CheckReport>("check")];
  const kinds = [...run.scenarios, ...check.routes.flatMap(({ checks }) => checks.map(({ scenario }) => scenario))];
  return {
    ...run,
    scenarios: Array.from({ length: scenarios }, (_, index): ScenarioReport => {
      const kind = kinds[index % kinds.length];
      if (!kind) throw new Error("There is no recorded scenario");
      return { ...kind, id: `${kind.id}-${index}` };
    }),
  };
};

export const measure = async (progress: Progress): Promise<Figure[]> => {
  const executablePath = await findBinary("chromium");
  if (executablePath === null) throw new Skipped("there is no Chromium (npm run prepare-browser, on Debian as root)");
  const report = await largeReport();
  const startedAt = performance.now();
  const text = runPage(report);
  const writingMs = performance.now() - startedAt;
  const folder = await mkdtemp(join(tmpdir(), "hopwise-bench-"));
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  try {
    const file = join(folder, "report.html");
    await writeFile(file, text);
    const samples: Sample[] = [];
    for (let time = 0; time < times; time += 1) {
      progress(`${time + 1} of ${times}`);
      samples.push(await once(browser, pathToFileURL(file).href));
    }
    return [
      { name: "writing it", value: writingMs, unit: "ms" },
      { name: "opening it", value: medianOf(samples.map(({ openingMs }) => openingMs)), unit: "ms", aim: 2000 },
      { name: "searching it", value: medianOf(samples.map(({ searchingMs }) => searchingMs)), unit: "ms" },
    ];
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
};

interface Sample {
  openingMs: number;
  searchingMs: number;
}

const drawnAgain = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))";

const once = async (browser: Browser, url: string): Promise<Sample> => {
  const page = await browser.newPage({ viewport });
  const from = performance.now();
  await page.goto(url);
  await page.locator("form.range").first().waitFor();
  const openedAt = performance.now();
  // What is typed reaches the page as this event; a driver's own waiting is not the page's.
  await page.evaluate(
    "{ const field = document.querySelector('[name=q]'); field.value = 'gzip'; field.dispatchEvent(new Event('input', { bubbles: true })); }",
  );
  await page.evaluate(drawnAgain);
  const searchedAt = performance.now();
  await page.close();
  return { openingMs: openedAt - from, searchingMs: searchedAt - openedAt };
};
