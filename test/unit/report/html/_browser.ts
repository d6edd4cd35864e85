// Opens a page as a file in a real Chromium, and notes what must not happen: requests, messages on its console, errors.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium as engine } from "playwright-core";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { chromium } from "../../../_needs.ts";

export interface Opened {
  page: Page;
  /** What a page of one file must not have. */
  complaints: string[];
}

export interface Viewer {
  /** Closes what was open before. */
  open: (html: string, options?: BrowserContextOptions, hash?: string) => Promise<Opened>;
  [Symbol.asyncDispose]: () => Promise<void>;
}

export const openViewer = async (): Promise<Viewer> => {
  const folder = await mkdtemp(join(tmpdir(), "hopwise-pages-"));
  // As root there is no sandbox; the pages are our own.
  const browser: Browser = await engine.launch({ executablePath: chromium ?? "", args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
  let number = 0;
  let before: BrowserContext | null = null;
  return {
    open: async (html, options = {}, hash = "") => {
      const file = join(folder, `${(number += 1)}.html`);
      await writeFile(file, html);
      await before?.close();
      before = await browser.newContext(options);
      const page = await before.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
      page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
      const own = pathToFileURL(file).href;
      page.on("request", (request) => request.url().split("#")[0] !== own && complaints.push(`request: ${request.url()}`));
      await page.goto(own + hash);
      return { page, complaints };
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** A browser takes its time on a machine that does other things, too. */
export const patienceMs = 240_000;

export const phone = { viewport: { width: 390, height: 844 } } as const;
export const desktop = { viewport: { width: 1280, height: 900 } } as const;
