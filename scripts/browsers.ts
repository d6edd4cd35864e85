// `npm run browsers`: asks a real Chromium what it does with streams, saves the answers in results/browsers.json, and renders docs/browsers.md.
//   --only <regex>   asks those with such an id, and keeps the other answers
//   --render         asks nothing
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { packageRoot } from "../harness/catalog/package-root.ts";
import { EnvironmentError } from "../harness/errors.ts";
import { askForEngine, openRuntime } from "../harness/session/choose-runtime.ts";
import { openSession } from "../harness/session/session.ts";
import { launch } from "../test/browser/browser.ts";
import { openChain, openContainerSite } from "../test/browser/chain.ts";
import { inChains } from "../test/browser/in-chains.ts";
import { inServers } from "../test/browser/in-servers.ts";
import { answerOf, measures, overHttp1, overHttp2 } from "../test/browser/measures.ts";
import type { Around, Measure } from "../test/browser/measures.ts";
import { openBrowserOrigin } from "../test/browser/origin.ts";
import { browsersPage } from "./_browsers-page.ts";
import type { BrowserAnswer, BrowserAnswers } from "./_browsers-page.ts";
import { optionsOf } from "./_options.ts";

const results = join(packageRoot, "results/browsers.json");

type Ask = (around: Around) => Promise<{ measured: string; ran?: string[] }>;

const direct =
  (measure: Measure): Ask =>
  async (around) => ({ measured: await answerOf(measure, around) });

interface Questions {
  through: string;
  asked: { measure: Measure; ask: Ask }[];
  around: Omit<Around, "browser">;
}

/** In the order of the page. What they need is opened only where something is asked. */
async function* sections(only: RegExp): AsyncGenerator<Questions> {
  const chosen = <M extends Measure>(all: readonly M[]): M[] => all.filter(({ id }) => only.test(id));
  const plain = (all: readonly Measure[]) => chosen(all).map((measure) => ({ measure, ask: direct(measure) }));
  await using origin = await openBrowserOrigin();
  yield { through: "HTTP/1.1", asked: plain([...measures, ...overHttp1]), around: { origin, base: origin.http1 } };
  yield { through: "HTTP/2", asked: plain([...measures, ...overHttp2]), around: { origin, base: origin.http2 } };
  if (chosen(inChains).length > 0) {
    await using runtime = await openRuntime("process", {});
    await using session = await openSession(runtime);
    yield { through: "Chains", ...throughChains({ runtime, session }, chosen(inChains)), around: { origin, base: "" } };
  }
  if (chosen(inServers).length > 0) {
    const engine = await askForEngine();
    if (engine === null) throw new EnvironmentError("No container engine answers: npm run prepare-engine (on Debian, as root), or --only.");
    await using site = await openContainerSite(engine);
    yield { through: "nginx, Varnish and Caddy", ...throughChains(site, chosen(inServers)), around: { origin: site.origin, base: "" } };
  }
}

const throughChains = (site: Parameters<typeof openChain>[0], all: typeof inChains): Pick<Questions, "asked"> => ({
  asked: all.map((measure) => ({
    measure,
    ask: async (around) => {
      await using chain = await openChain(site, measure.chain, around.origin.address);
      return { measured: await answerOf(measure, { ...around, ...chain }), ran: chain.ran };
    },
  })),
});

const measured = async (browser: Browser, only: RegExp): Promise<BrowserAnswer[]> => {
  const answers: BrowserAnswer[] = [];
  for await (const { through, asked, around } of sections(only))
    for (const { measure, ask } of asked) {
      const { id, question, expected, expectedAtFirst = expected } = measure;
      const answer = { through, id, question, expected: expectedAtFirst, ...(await ask({ browser, ...around })) };
      process.stderr.write(`${through}: ${id}: ${answer.measured}${answer.measured === expected ? "" : ` (expected: ${expected})`}\n`);
      answers.push(answer);
    }
  return answers;
};

const keyOf = ({ through, id }: BrowserAnswer): string => `${through}: ${id}`;

/** In their order; a new answer takes the place of a saved one. */
const merged = (saved: readonly BrowserAnswer[], fresh: readonly BrowserAnswer[]): BrowserAnswer[] => {
  const byKey = new Map([...saved, ...fresh].map((answer) => [keyOf(answer), answer]));
  return [...byKey.values()];
};

const { render, only } = optionsOf({ options: { render: { type: "boolean" }, only: { type: "string" } } }).values;
if (!render) {
  const saved = only === undefined ? [] : (JSON.parse(await readFile(results, "utf8")) as BrowserAnswers).answers;
  const browser = await launch();
  try {
    const answers = merged(saved, await measured(browser, new RegExp(only ?? "")));
    const all: BrowserAnswers = { browser: `Chromium ${browser.version()}`, measuredOn: new Date().toISOString().slice(0, 10), answers };
    await writeFile(results, `${JSON.stringify(all, null, 2)}\n`);
  } finally {
    await browser.close();
  }
}
const answers = JSON.parse(await readFile(results, "utf8")) as BrowserAnswers;
await writeFile(join(packageRoot, "docs/browsers.md"), browsersPage(answers));
