// `npm run browsers`: asks a real Chromium what it does with streams, saves the answers in results/browsers.json, and renders docs/browsers.md.
//   --render   asks nothing
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { openRuntime } from "../harness/session/choose-runtime.ts";
import { openSession } from "../harness/session/session.ts";
import { launch } from "../test/browser/browser.ts";
import { openChain } from "../test/browser/chain.ts";
import { inChains } from "../test/browser/in-chains.ts";
import { measures, overHttp1, overHttp2 } from "../test/browser/measures.ts";
import type { Around, Measure } from "../test/browser/measures.ts";
import { openBrowserOrigin } from "../test/browser/origin.ts";
import { browsersPage } from "./_browsers-page.ts";
import type { BrowserAnswer, BrowserAnswers } from "./_browsers-page.ts";

const results = join(packageRoot, "results/browsers.json");

const ask = async (through: string, { id, question, expected, ask: measure }: Measure, around: Around): Promise<BrowserAnswer> => {
  const measured = await measure(around);
  process.stderr.write(`${through}: ${id}: ${measured}${measured === expected ? "" : ` (expected: ${expected})`}\n`);
  return { through, id, question, expected, measured };
};

const measured = async (): Promise<BrowserAnswers> => {
  const browser = await launch();
  await using origin = await openBrowserOrigin();
  try {
    const answers: BrowserAnswer[] = [];
    for (const one of [...measures, ...overHttp1]) answers.push(await ask("HTTP/1.1", one, { browser, origin, base: origin.http1 }));
    for (const one of [...measures, ...overHttp2]) answers.push(await ask("HTTP/2", one, { browser, origin, base: origin.http2 }));
    await using runtime = await openRuntime("process", {});
    await using session = await openSession(runtime);
    for (const one of inChains) {
      await using chain = await openChain(runtime, session, one.chain, origin.port);
      answers.push(await ask("Chains", one, { browser, origin, base: chain.base }));
    }
    return { browser: `Chromium ${browser.version()}`, measuredOn: new Date().toISOString().slice(0, 10), answers };
  } finally {
    await browser.close();
  }
};

const { render } = parseArgs({ options: { render: { type: "boolean" } } }).values;
if (!render) await writeFile(results, `${JSON.stringify(await measured(), null, 2)}\n`);
const answers = JSON.parse(await readFile(results, "utf8")) as BrowserAnswers;
await writeFile(join(packageRoot, "docs/browsers.md"), browsersPage(answers));
