// What is asked of a real browser, and what was expected before it was first asked. Each answer is one sentence without numbers of time.
import type { Browser, Page } from "playwright-core";
import type { Coding, Format } from "./body.ts";
import type { BrowserOrigin } from "./origin.ts";
import { collectEvents, leaveInMidStream, openSources, readByEventSource, readByFetch, useValues } from "./page.ts";

export interface Around {
  browser: Browser;
  origin: BrowserOrigin;
  /** Where the page comes from, and its streams: the origin itself, or a chain in front of it. */
  base: string;
  /** Reloads the last server of the chain. */
  reload?: () => Promise<void>;
}

export interface Measure {
  id: string;
  question: string;
  expected: string;
  /** Before it was first asked, where it was another. */
  expectedAtFirst?: string;
  ask: (around: Around) => Promise<string>;
}

const records = 8;
/** Where the page is expected to see little, every record costs the origin's patience. */
const fewRecords = 3;
let streams = 0;

/** No two streams have the same, so that no cache mixes them up. */
export const numberOf = (): number => (streams += 1);

const networkChanges = new WeakMap<Browser, number>();
const changesOf = (browser: Browser): number => networkChanges.get(browser) ?? 0;
const mostAsked = 5;

/** Chromium gives up all that it loads when an interface of the machine comes or goes, as with every container that starts or ends
 *  (net/base/network_change_notifier.h): that is no answer, and it is asked again. */
export const answerOf = async ({ ask }: Measure, around: Around): Promise<string> => {
  for (let times = 1; ; times++) {
    const before = changesOf(around.browser);
    const isOpen = (): boolean => times < mostAsked && changesOf(around.browser) > before;
    // oxlint-disable-next-line no-await-in-loop
    const answer = await ask(around).catch((error: unknown) => {
      if (!isOpen()) throw error;
      return "";
    });
    if (!isOpen()) return answer;
  }
};

/** A page of its own context, closed at the end. */
export const onPage = async <T>({ browser, base }: Around, ask: (page: Page) => Promise<T>): Promise<T> => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  context.on("requestfailed", (request) => {
    if (request.failure()?.errorText === "net::ERR_NETWORK_CHANGED") networkChanges.set(browser, changesOf(browser) + 1);
  });
  try {
    const page = await context.newPage();
    await page.goto(`${base}/page`);
    return await ask(page);
  } finally {
    await context.close();
  }
};

type Reader = (page: Page, asked: { url: string; id: string; records: number }) => Promise<string>;

export const byFetch: Reader = (page, asked) => page.evaluate(readByFetch, asked);
export const byEventSource: Reader = (page, asked) => page.evaluate(readByEventSource, asked);
const asValues: Reader = (page, asked) => page.evaluate(useValues, asked);

/** `8 of 8 before the next was written`, and what was missing at the end. */
export const lockStep = async (around: Around, format: Format, coding: Coding, read: Reader, count = records): Promise<string> => {
  const id = `stream-${(streams += 1)}`;
  const url = `/stream?id=${id}&format=${format}&coding=${coding}&records=${count}`;
  const text = await onPage(around, (page) => read(page, { url, id, records: count }));
  const { seen } = await around.origin.lockStepOf(id);
  const whole = read !== byFetch || new RegExp(`\\b${count - 1}\\b`).test(text);
  return `${seen} of ${count} before the next was written${whole ? "" : "; the last one never"}`;
};

/** How many of seven streams are open, and what becomes of the seventh. `tabs`: how many pages they are spread over. */
const sevenSources =
  (tabs: number) =>
  (around: Around): Promise<string> =>
    onPage(around, async (page) => {
      const { origin, base } = around;
      const ids = Array.from({ length: 7 }, (_, index) => `held-${(streams += 1)}-${index}`);
      const pages = [page];
      while (pages.length < tabs) {
        const tab = await page.context().newPage();
        await tab.goto(`${base}/page`);
        pages.push(tab);
      }
      for (const [index, tab] of pages.entries()) {
        const own = ids.filter((_, at) => at % tabs === index);
        await tab.evaluate(
          openSources,
          own.map((id) => `/held?id=${id}`),
        );
      }
      // Which of them waits is the browser's choice where there are several pages.
      await origin.count(ids, 6);
      const isAll = await Promise.race([origin.count(ids, 7).then(() => true), page.waitForTimeout(1000).then(() => false)]);
      if (isAll) return "all seven are open at once";
      const [first = "", ...open] = origin.held().filter((id) => ids.includes(id));
      origin.end(first);
      await origin.count(ids, 7);
      return `${open.length + 1} are open; the seventh is sent when one of them has ended`;
    });

const leaving = (around: Around): Promise<string> =>
  onPage(around, async (page) => {
    const id = `left-${(streams += 1)}`;
    await page.evaluate(leaveInMidStream, `/held?id=${id}`);
    return `the origin sees the ${await around.origin.left(id)} end`;
  });

/** EventSource stops for good at any status but 200 (WHATWG HTML §9.2.2, "fail the connection"). */
const refused = async (around: Around): Promise<string> => {
  around.origin.once.requests = 0;
  const events = await onPage(around, (page) => page.evaluate(collectEvents, "/once"));
  return `events ${events.join(", ")}; requests ${around.origin.once.requests}; it gives up`;
};

export const resumedEvents = "events 1 one, 2 café, 3 one, 4 café; Last-Event-ID none, 2, 4";

export const resumed = async (around: Around): Promise<string> => {
  around.origin.resumed.length = 0;
  const events = await onPage(around, (page) => page.evaluate(collectEvents, "/resumed"));
  return `events ${events.join(", ")}; Last-Event-ID ${around.origin.resumed.map((id) => id ?? "none").join(", ")}`;
};

const everyRecord = `${records} of ${records} before the next was written`;

/** Of HTTP/1.1 and HTTP/2 alike, unless said otherwise. */
export const measures: Measure[] = [
  ...(["sse", "ndjson", "text"] as const).map((format): Measure => ({
    id: `fetch-${format}`,
    question: `fetch() and a reader, ${format}: which records can be read before the next one is written?`,
    expected: everyRecord,
    ask: (around) => lockStep(around, format, "none", byFetch),
  })),
  {
    id: "fetch-untyped",
    question: "the same without a Content-Type",
    expected: everyRecord,
    ask: (around) => lockStep(around, "untyped", "none", byFetch),
  },
  ...(["gzip", "br", "zstd"] as const).map((coding): Measure => ({
    id: `fetch-${coding}`,
    question: `the same in ${coding}, flushed after each record`,
    expected: everyRecord,
    ask: (around) => lockStep(around, "ndjson", coding, byFetch),
  })),
  {
    id: "fetch-gzip-members",
    question: "the same with a gzip member for each record",
    expected: `1 of ${fewRecords} before the next was written; the last one never`,
    ask: (around) => lockStep(around, "ndjson", "members", byFetch, fewRecords),
  },
  {
    id: "eventsource",
    question: "EventSource: which events arrive before the next one is written?",
    expected: everyRecord,
    ask: (around) => lockStep(around, "sse", "none", byEventSource),
  },
  {
    id: "values-ndjson",
    question: "a list as lines (NDJSON): which elements can be used before the next one is written?",
    expected: everyRecord,
    ask: (around) => lockStep(around, "ndjson", "none", asValues),
  },
  {
    id: "values-json",
    question: "a list as one JSON document: which elements can be used, by JSON.parse, before the next one is written?",
    expected: `0 of ${fewRecords} before the next was written`,
    ask: (around) => lockStep(around, "json", "none", asValues, fewRecords),
  },
  {
    id: "eventsource-resumes",
    question: "a cut connection, twice, then 204: what does an EventSource deliver, and what does it ask for?",
    expected: resumedEvents,
    ask: resumed,
  },
  {
    id: "eventsource-refused",
    question: "an event, an end, and 502 for the reconnection, as while an application restarts: does an EventSource try again?",
    expected: "events 1 one; requests 2; it gives up",
    ask: refused,
  },
];

const sixOfSeven = "6 are open; the seventh is sent when one of them has ended";

export const overHttp1: Measure[] = [
  {
    id: "seven-sources",
    question: "seven EventSources to one host: how many are open?",
    expected: sixOfSeven,
    ask: sevenSources(1),
  },
  {
    id: "seven-sources-in-two-tabs",
    question: "the same, spread over two tabs",
    expected: sixOfSeven,
    ask: sevenSources(2),
  },
  {
    id: "leaves",
    question: "the page aborts fetch() in mid-stream: what does the origin see?",
    expected: "the origin sees the connection end",
    ask: leaving,
  },
];

export const overHttp2: Measure[] = [
  {
    id: "seven-sources",
    question: "seven EventSources to one host: how many are open?",
    expected: "all seven are open at once",
    ask: sevenSources(1),
  },
  {
    id: "leaves",
    question: "the page aborts fetch() in mid-stream: what does the origin see?",
    expected: "the origin sees the stream end",
    ask: leaving,
  },
];
