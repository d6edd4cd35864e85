// A real Chromium reads streams: from the origin itself over HTTP/1.1 and HTTP/2, and through chains.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRuntime } from "../../harness/session/choose-runtime.ts";
import { openSession } from "../../harness/session/session.ts";
import { needsBrowser } from "../_needs.ts";
import { launch } from "../browser/browser.ts";
import { openChain } from "../browser/chain.ts";
import { inChains } from "../browser/in-chains.ts";
import { answerOf, measures, overHttp1, overHttp2 } from "../browser/measures.ts";
import { openBrowserOrigin } from "../browser/origin.ts";
import type { BrowserOrigin } from "../browser/origin.ts";

describe("a page", needsBrowser, () => {
  let browser: Browser;
  let origin: BrowserOrigin;
  beforeAll(async () => {
    [browser, origin] = await Promise.all([launch(), openBrowserOrigin()]);
  });
  afterAll(async () => {
    await browser.close();
    await origin[Symbol.asyncDispose]();
  });

  it.each([...measures, ...overHttp1])("over HTTP/1.1: $id", async (measure) => {
    expect(await answerOf(measure, { browser, origin, base: origin.http1 })).toBe(measure.expected);
  });

  it.each([...measures, ...overHttp2])("over HTTP/2: $id", async (measure) => {
    expect(await answerOf(measure, { browser, origin, base: origin.http2 })).toBe(measure.expected);
  });

  it.each(inChains)("through a chain: $id", async (measure) => {
    await using runtime = await openRuntime("process", {});
    await using session = await openSession(runtime);
    await using opened = await openChain({ runtime, session }, measure.chain, origin.address);
    expect(await answerOf(measure, { browser, origin, base: opened.base })).toBe(measure.expected);
  });
});
