// Whatever a title, a header, a body, a file name or a configuration says, the page shows it as text, and stays as wide as the screen.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { checkPage } from "../../../../harness/report/html/check-page.ts";
import { probePage } from "../../../../harness/report/html/probe-page.ts";
import { runPage } from "../../../../harness/report/html/run-page.ts";
import { needsBrowser } from "../../../_needs.ts";
import { hostileProbe } from "../../probe/_report.ts";
import { hostileWith } from "../check-fixtures.ts";
import { reportOf } from "../fixtures.ts";
import { openViewer, patienceMs, phone } from "./_browser.ts";
import type { Viewer } from "./_browser.ts";

vi.setConfig({ testTimeout: patienceMs });

const pieces = [
  "<script>globalThis.hit=1</script>",
  "<img src=x onerror=globalThis.hit=1>",
  '"><svg onload=globalThis.hit=1>',
  "' onfocus=globalThis.hit=1 autofocus '",
  "javascript:globalThis.hit=1",
  "</title><script>globalThis.hit=1</script>",
  "</style></script></template></pre></textarea>",
  "<!--",
  "-->",
  "<![CDATA[",
  "&lt;script&gt;",
  "&#60;b&#62;",
  "${globalThis.hit=1}",
  "`",
  "\u202Egnp.exe",
  "\u2066\u2069\u200F",
  "\u0000",
  "\uD800",
  "\n::error::x",
  "##[add-mask]x",
  "\t",
  "https://e.example/<b>",
  "w".repeat(10_000),
  "ﷺ".repeat(300),
  "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
];

const word = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 5 })
  .map((parts) => `${parts.join("")}x`);

const runWith = (text: string): string => {
  const [scenario] = hostileWith(text).routes.flatMap(({ checks }) => checks.map((one) => one.scenario));
  if (!scenario) throw new Error("The fixture has no scenario");
  return runPage({
    ...reportOf({ ...scenario, because: text, reproduce: text, fixedBy: text, chain: ["sse", text, "client"] }),
    versions: { [text]: text },
  });
};

/** The elements of the page, without those whose number depends on the lines of a diff, or on which pictures came into view. */
const shape =
  "[...document.querySelectorAll('body *:not(.diff *, form.range, form.range *, .ticks *):not(a)')].map((one) => one.localName + '.' + (one.localName === 'use' ? '' : one.className.baseVal ?? one.className)).join(' ')";

/** Each opens a page; the first has all of them. */
const runs = { numRuns: 12, examples: [[pieces.join(" ")] as [string]] };

describe("a page of hostile texts", needsBrowser, () => {
  let viewer: Viewer;
  beforeAll(async () => {
    viewer = await openViewer();
  });
  afterAll(() => viewer[Symbol.asyncDispose]());

  test.for([
    ["check", (text: string) => checkPage(hostileWith(text))],
    ["run", runWith],
    ["probe", (text: string) => probePage(hostileProbe(text))],
  ] as const)("%s: runs nothing, has the same elements, and no more width", async ([, pageOf]) => {
    const settled = async (html: string) => {
      const opened = await viewer.open(html, phone);
      await opened.page.locator("figure.picture").first().scrollIntoViewIfNeeded();
      await opened.page.locator("form.range").first().waitFor();
      return opened;
    };
    const plain = await (await settled(pageOf("x"))).page.evaluate(shape);
    await fc.assert(
      fc.asyncProperty(word, async (text) => {
        const { page, complaints } = await settled(pageOf(text));
        expect(await page.evaluate("globalThis.hit")).toBeUndefined();
        expect(complaints).toEqual([]);
        expect(await page.evaluate(shape)).toBe(plain);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(phone.viewport.width);
      }),
      runs,
    );
  });
});
