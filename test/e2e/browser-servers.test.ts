// A real Chromium reads events through nginx, Varnish and Caddy, in containers: what it resumes, and what a reload does to it.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { needsBrowser } from "../_needs.ts";
import { launch } from "../browser/browser.ts";
import { openChain, openContainerSite } from "../browser/chain.ts";
import { inServers } from "../browser/in-servers.ts";
import { answerOf } from "../browser/measures.ts";
import { describeWithEngine, engine } from "./engine.ts";

describeWithEngine("an EventSource", () => {
  describe("in a page", needsBrowser, () => {
    let browser: Browser;
    let site: Awaited<ReturnType<typeof openContainerSite>>;
    beforeAll(async () => {
      [browser, site] = await Promise.all([launch(), openContainerSite(engine())]);
    });
    afterAll(async () => {
      await browser.close();
      await site[Symbol.asyncDispose]();
    });

    it.each(inServers)("through $id", async (measure) => {
      await using opened = await openChain(site, measure.chain, site.origin.address);
      expect(await answerOf(measure, { browser, origin: site.origin, ...opened })).toBe(measure.expected);
    });
  });
});
