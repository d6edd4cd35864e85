// Starts Debian's Chromium. As root it has no sandbox; the pages are our own.
import { chromium as engine } from "playwright-core";
import type { Browser } from "playwright-core";
import { chromium } from "../_needs.ts";

/** Nothing of it looks for other hosts than this machine's. */
const args = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

export const launch = (): Promise<Browser> =>
  engine.launch({ executablePath: chromium ?? "", args: [...args, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])] });
